/* A disk that takes its time: preloaded, it makes each sync of a process wait before it is done. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_for_the_disk(void)
{
    const char *milliseconds = getenv("SLOW_SYNC_MS");
    long wait = milliseconds ? atol(milliseconds) : 0;
    struct timespec pause = {wait / 1000, (wait % 1000) * 1000000L};
    nanosleep(&pause, NULL);
}

int fsync(int file)
{
    int (*really)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return really(file);
}

int fdatasync(int file)
{
    int (*really)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_disk();
    return really(file);
}
