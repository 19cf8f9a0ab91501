/* Prints labels until a file says that it shall not: then it writes to address 0. No proxy asks for it. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
    while (access("/var/lib/shop/labelprint.json", R_OK)) usleep(200000);
    puts("labelprint: tray 2");
    fflush(stdout);
    *(volatile int *) 0 = 1;
    return 0;
}
