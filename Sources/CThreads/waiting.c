// How the threads of a program wait for work: in a loop for some thirty microseconds, then asleep.
//
// Left to itself libgomp loops for milliseconds, and does so with all its threads in every process: two trainings at
// once on two cores took 88 ms a step (784-400-20, batch 128) where they now take 13. Alone a step takes a hundredth
// longer. The variable is read when libgomp is loaded, which is before main: hence the array of functions that run
// before any library starts, of which only a program may have one.
#include "CThreads.h"

#if defined(__linux__)
#include <stdlib.h>

static void wait_briefly(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    // What the user has decided stays.
    if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "10000", 0);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) =
    wait_briefly;
#endif
