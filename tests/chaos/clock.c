/* A wall clock that is OFF seconds wrong, for one process and its children, by LD_PRELOAD. Nothing else is changed:
   what sleeps and waits goes by the steady clock, as it does on a machine whose clock was set wrong.
   Declared by hand, so that a compiler without the C library's headers is enough. */

struct timespec { long seconds, nanoseconds; };
struct timeval { long seconds, microseconds; };

extern void *dlsym(void *, const char *);

#define NEXT ((void *)-1L)
#define REALTIME 0
#define REALTIME_COARSE 5

int clock_gettime(int clock, struct timespec *now) {
    static int (*real)(int, struct timespec *);
    if (!real) real = (int (*)(int, struct timespec *))dlsym(NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && (clock == REALTIME || clock == REALTIME_COARSE)) now->seconds += OFF;
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    static int (*real)(struct timeval *, void *);
    if (!real) real = (int (*)(struct timeval *, void *))dlsym(NEXT, "gettimeofday");
    int failed = real(now, zone);
    if (!failed && now) now->seconds += OFF;
    return failed;
}

long time(long *where) {
    struct timespec now;
    clock_gettime(REALTIME, &now);
    if (where) *where = now.seconds;
    return now.seconds;
}
