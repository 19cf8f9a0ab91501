/* Labs: laboratory results, a thread for each connection; a file can change how it answers while it runs (see ../mart/behaviour.py).

   PORT, BIND and CONFIG come from the environment. It ends as programs end in several languages: a panic with a trace, an abort, a signal. */
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HL7
extern int hl7_version(void);
#endif

static void panic(const char *what, const char *where) {
    fprintf(stderr, "panic: %s\n\ngoroutine 41 [running]:\n%s\n\t/build/labs/store/samples.go:118 +0x1d4\nmain.serve.func1()\n\t/build/labs/main.go:64 +0x92\ncreated by main.serve\n\t/build/labs/main.go:58 +0x3b\n", what, where);
    exit(2);
}

/* The number that belongs to a key of the behaviour file, or 0. */
static double told(const char *text, const char *key) {
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *at = strstr(text, quoted);
    return at ? atof(at + strlen(quoted)) : 0;
}

static void behaviour(char *text, int size) {
    FILE *f = fopen("/var/lib/shop/labs.json", "r");
    text[f ? fread(text, 1, size - 1, f) : 0] = 0;
    if (f) fclose(f);
    double share = told(text, "share");
    if (share && rand() > share * RAND_MAX) text[0] = 0;
}

static int deeper(int n) {
    char frame[4096];
    memset(frame, n, sizeof frame);
    return deeper(n + 1) + frame[n & 4095];
}

static void *serve(void *arg) {
    int client = (int) (long) arg, length = 0, more = 1, code, body;
    char request[8192], t[500], answer[600];
    while (length < sizeof request - 1 && more > 0) {
        request[length] = 0;
        if (strstr(request, "\r\n\r\n")) break;
        more = recv(client, request + length, sizeof request - 1 - length, 0);
        if (more > 0) length += more;
        if (length && (request[0] < 'A' || request[0] > 'Z')) more = 0;
    }
    if (more > 0) {
        behaviour(t, sizeof t);
        usleep(told(t, "delay") * 1000000);
        if (told(t, "panic")) panic("runtime error: index out of range [7] with length 7", "labs/store.(*Samples).At(...)");
        if (told(t, "abort")) fprintf(stderr, "labs: samples.c:212: rack_position: Assertion `slot < rack->size' failed.\n"), abort();
        if (told(t, "null")) *(int *) 24 = 1;
        if (told(t, "recursion")) deeper(1);
        if (told(t, "hang_up") == 0) {
            code = told(t, "status");
            body = told(t, "header") ? snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nX Sample Rack: 7\r\nContent-Length: 4\r\n\r\nHb 9")
                                     : snprintf(answer, sizeof answer, "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: 10\r\nConnection: close\r\n\r\nHb 9 g/dl\n", code ? code : 200, code ? "No" : "OK");
            send(client, answer, body, MSG_NOSIGNAL);
        }
    }
    close(client);
    return NULL;
}

int main(void) {
    int one = 1, listener, client;
    const char *bind_to = getenv("BIND") ? getenv("BIND") : "0.0.0.0", *port = getenv("PORT"), *config = getenv("CONFIG");
    struct addrinfo hints = {AI_PASSIVE | AI_NUMERICHOST, AF_INET, SOCK_STREAM}, *address;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
#ifdef HL7
    printf("labs: HL7 %d\n", hl7_version());
#endif
    if (config && access(config, R_OK)) panic("open racks.yaml: no such file or directory", "main.mustLoad(...)");
    if (getaddrinfo(bind_to, port, &hints, &address)) return fprintf(stderr, "labs: what is %s?\n", bind_to), 2;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, address->ai_addr, address->ai_addrlen) || listen(listener, 256)) return perror("labs: listen"), 1;
    printf("labs: listening on %s:%s\n", bind_to, port);
    for (;;) {
        pthread_t thread;
        if ((client = accept(listener, NULL, NULL)) < 0) continue;
        if (pthread_create(&thread, NULL, serve, (void *) (long) client)) close(client);
        else pthread_detach(thread);
    }
}
