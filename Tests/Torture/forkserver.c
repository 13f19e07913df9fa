/// Starts a program once and lets it run many times: most of a short command's time goes into loading LibTorch.
///
/// With FAULT_SERVER=1 the preloaded program stops before `main` and reads requests from descriptor `requests`. For each
/// it forks; the child has the asked-for arguments, environment, folder and output files, and runs `main` as it would
/// have run in a process of its own. A request is a 4-byte length and texts that each end in a zero byte: the folder, the
/// files for output and errors, the limit of its address space in bytes (0 for none), the number of settings of the
/// environment, these as NAME=VALUE, and the arguments. Replies are lines on descriptor `replies`: the child's process
/// number when it has begun, and its wait status and peak of resident kilobytes when it has ended.
#include "faultshim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { requests = 198, replies = 199, maxArguments = 256 };

typedef int Main(int, char **, char **);
static Main *programMain;
static int isChild;

static int readAll(void *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t found = syscall(SYS_read, requests, (char *)bytes + done, count - done);
        if (found < 0 && errno == EINTR) continue;
        if (found <= 0) return 0;
        done += (size_t)found;
    }
    return 1;
}

static void reply(const char *text) { syscall(SYS_write, replies, text, strlen(text)); }

/// Puts a file in the place of a descriptor.
static void redirect(int descriptor, const char *path, int flags) {
    int opened = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0644);
    if (opened < 0) _exit(127);
    syscall(SYS_dup3, opened, descriptor, 0);
    if (opened != descriptor) syscall(SYS_close, opened);
}

/// The end of a child: what LibTorch tidies up at the end of a process takes as long as a short command, and leaves no
/// trace.
_Noreturn void exit(int status) {
    if (isChild) {
        fflush(NULL);
        _exit(status);
    }
    ((void (*)(int))dlsym(RTLD_NEXT, "exit"))(status);
    __builtin_unreachable();
}

static _Noreturn void runChild(char *request, size_t length) {
    char *end = request + length, *next = request;
#define TAKE (next += strlen(next) + 1, taken)
    char *taken = next;
    const char *folder = TAKE;
    taken = next;
    const char *output = TAKE;
    taken = next;
    const char *errors = TAKE;
    taken = next;
    rlim_t limit = strtoull(TAKE, NULL, 10);
    taken = next;
    long settings = atol(TAKE);
    redirect(0, "/dev/null", O_RDONLY);
    redirect(1, output, O_WRONLY | O_CREAT | O_TRUNC);
    redirect(2, errors, O_WRONLY | O_CREAT | O_TRUNC);
    syscall(SYS_close, requests);
    syscall(SYS_close, replies);
    if (chdir(folder)) _exit(127);
    for (; settings > 0; settings--) putenv((taken = next, TAKE));
    unsetenv("FAULT_SERVER");
    if (limit) setrlimit(RLIMIT_AS, &(struct rlimit){limit, limit});
    faultShimReset();
    static char *list[maxArguments + 1];
    int count = 0;
    while (next < end && count < maxArguments) list[count++] = (taken = next, TAKE);
    // Swift has noted the arguments of the first process.
    typedef void Override(char **, int);
    Override *override = (Override *)dlsym(RTLD_DEFAULT, "_swift_stdlib_overrideUnsafeArgvArgc");
    if (override) override(list, count);
    isChild = 1;
    exit(programMain(count, list, environ));
}

static int serve(int count, char **list, char **environment) {
    if (!getenv("FAULT_SERVER")) return programMain(count, list, environment);
    uint32_t length;
    while (readAll(&length, sizeof length)) {
        char *request = malloc(length + 1u);
        if (!request || !readAll(request, length)) return 127;
        request[length] = 0;
        pid_t child = fork();
        if (child == 0) runChild(request, length);
        char text[64];
        snprintf(text, sizeof text, "%d\n", child);
        reply(text);
        int status = 0;
        struct rusage usage = {0};
        while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {}
        snprintf(text, sizeof text, "%d %ld\n", status, usage.ru_maxrss);
        reply(text);
        free(request);
    }
    _exit(0);
}

int __libc_start_main(Main *main, int count, char **list, void (*init)(void), void (*fini)(void), void (*linkerFini)(void), void *stack) {
    typedef int Start(Main *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
    programMain = main;
    return ((Start *)dlsym(RTLD_NEXT, "__libc_start_main"))(serve, count, list, init, fini, linkerFini, stack);
}
