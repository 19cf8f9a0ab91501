/* Seats: a small HTTP server on a fixed set of threads; a file can change how it answers while it runs (see ../mart/behaviour.py).

   PORT, BIND, BACKLOG, THREADS, KEEP and PAUSE come from the environment. KEEP is how many milliseconds a connection may idle between
   two requests (0: none is kept); after that the thread books the visit for PAUSE milliseconds and closes. */
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener, keep, pause_ms, served;
static pthread_mutex_t ledger = PTHREAD_MUTEX_INITIALIZER;

static int number(const char *name, int otherwise) {
    return getenv(name) ? atoi(getenv(name)) : otherwise;
}

/* The number that belongs to a key of the behaviour file, or 0. */
static double told(const char *text, const char *key) {
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *at = strstr(text, quoted);
    return at ? atof(at + strlen(quoted)) : 0;
}

static void behaviour(char *text, int size, const char *path) {
    FILE *f = fopen("/var/lib/shop/seats.json", "r");
    text[f ? fread(text, 1, size - 1, f) : 0] = 0;
    if (f) fclose(f);
    char *only = strstr(text, "\"only\": \"");
    if (only) {
        only += 9;
        int length = strcspn(only, "\"");
        if (strncmp(path, only, length)) text[0] = 0;
    }
    double share = told(text, "share");
    if (share && rand() > share * RAND_MAX) text[0] = 0;
}

static void book(int client, const char *path) {
    char told_text[500], answer[700];
    behaviour(told_text, sizeof told_text, path);
    if (!strcmp(path, "/ping")) told_text[0] = 0;
    usleep(told(told_text, "delay") * 1000000);
    if (told(told_text, "deadlock")) {
        pthread_mutex_lock(&ledger);
        pthread_mutex_lock(&ledger);
    }
    if (told(told_text, "leak")) {
        int size = told(told_text, "leak") * 1048576;
        memset(malloc(size), 7, size);
    }
    if (told(told_text, "ends")) {
        printf("seats: season is over, nothing left to sell\n");
        exit(0);
    }
    if (told(told_text, "null")) *(int *) 16 = 1;
    if (told(told_text, "divide")) served /= (int) told(told_text, "zero");
    if (told(told_text, "hang_up")) return;
    if (told(told_text, "lengths")) {
        snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 12\r\n\r\nseat 1A");
    } else {
        int status = told(told_text, "status");
        snprintf(answer, sizeof answer, "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: 8\r\nConnection: %s\r\n\r\nseat 12A",
                 status ? status : 200, status ? "Sold out" : "OK", keep ? "keep-alive" : "close");
    }
    send(client, answer, strlen(answer), MSG_NOSIGNAL);
}

static void *work(void *unused) {
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        do {
            char request[8192], path[300];
            int length = 0, more = 1;
            while (length < sizeof request - 1 && more > 0) {
                request[length] = 0;
                if (strstr(request, "\r\n\r\n")) break;
                more = recv(client, request + length, sizeof request - 1 - length, 0);
                if (more > 0) length += more;
                if (length && (request[0] < 'A' || request[0] > 'Z' || !strncmp(request, "PROXY", 5))) more = 0;
            }
            request[length] = 0;
            if (more <= 0 || sscanf(request, "%*s %299s", path) != 1) {
                if (length) printf("seats: not a request, %d bytes begin with %02x\n", length, request[0] & 255);
                break;
            }
            served++;
            book(client, path);
            struct pollfd waiting = {client, POLLIN, 0};
            if (!keep || poll(&waiting, 1, keep) <= 0) {
                if (keep) usleep(pause_ms * 1000);
                break;
            }
        } while (1);
        close(client);
    }
    return unused;
}

static void stop(int number) {
    printf("seats: asked to stop, %d requests served\n", served);
    exit(0);
}

int main(void) {
    int threads = number("THREADS", 24), one = 1;
    const char *bind_to = getenv("BIND") ? getenv("BIND") : "::";
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, stop);
    keep = number("KEEP", 0), pause_ms = number("PAUSE", 0);
    struct addrinfo hints = {AI_PASSIVE | AI_NUMERICHOST, AF_UNSPEC, SOCK_STREAM}, *address;
    if (getaddrinfo(bind_to, getenv("PORT") ? getenv("PORT") : "5150", &hints, &address)) return fprintf(stderr, "seats: what is %s?\n", bind_to), 2;
    listener = socket(address->ai_family, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, address->ai_addr, address->ai_addrlen) || listen(listener, number("BACKLOG", 128))) return perror("seats: cannot listen"), 1;
    printf("seats: %d threads listen on %s\n", threads, bind_to);
    for (; threads > 1; threads--) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
    }
    work(NULL);
    return 0;
}
