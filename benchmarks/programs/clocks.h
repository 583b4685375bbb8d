/* Nanoseconds: of the clock that all processes share, and of CPU that this one has used. */
#include <stdint.h>
#include <sys/resource.h>
#include <time.h>

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int64_t cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000LL
        + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000LL;
}
