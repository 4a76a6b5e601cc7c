/* A disk on which every sync takes SLOW_DISK_MS milliseconds longer: loaded before the C library by test_disk_faults. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_a_while(void) {
    const char *given = getenv("SLOW_DISK_MS");
    long ms = given ? atol(given) : 0;
    struct timespec span = {ms / 1000, (ms % 1000) * 1000000};
    nanosleep(&span, 0);
}

int fsync(int file) {
    wait_a_while();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
    wait_a_while();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
