// What has to be done before the libraries of a program start: hence the array of functions that run before any of them,
// of which only a program may have one.
#include "CThreads.h"

#if defined(__linux__)
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

// How the threads of a program wait for work: in a loop for some thirty microseconds, then asleep.
//
// Left to itself libgomp loops for milliseconds, and does so with all its threads in every process: two trainings at
// once on two cores took 88 ms a step (784-400-20, batch 128) where they now take 13. Alone a step takes a hundredth
// longer. The variable is read when libgomp is loaded.
static void wait_briefly(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    // What the user has decided stays.
    if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "10000", 0);
}

// MKL loads its parts by paths when LibTorch is loaded, and ends the process with a message of its own in a folder that
// is gone. The status is EX_NOINPUT.
static void require_folder(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    static char path[PATH_MAX];
    if (getcwd(path, sizeof path)) return;
    static const char text[] = "vae: error: the current folder is gone; change to another one\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(71);
    _exit(66);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries[])(int, char **, char **) = {
    wait_briefly, require_folder};
#endif
