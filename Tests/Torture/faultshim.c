/// A library to preload (LD_PRELOAD) that fails, shortens, interrupts, kills at, or records a program's file calls.
///
/// Calls on the watched paths, and on descriptors opened there, are numbered from 1 in the order in which they are made.
///
///     FAULT_PATHS  folders that are watched, absolute, parted by colons
///     FAULT_CALLS  the kinds of call that are numbered, parted by commas; all of them when absent:
///                  create (open that makes or empties a file), open, write, read, fsync, rename, close, mkdir, unlink,
///                  symlink, readlink, lock, chmod, seek, truncate, stat, list (opendir), entry (readdir), map
///     FAULT_AT     the number of the call to disturb; 0 disturbs none
///     FAULT_KIND   error     it fails with FAULT_ERRNO
///                  full      it and all later ones fail with FAULT_ERRNO
///                  short     a read or a write handles half of the bytes
///                  storm     each FAULT_EVERY-th read, write, fsync and open fails with EINTR
///                  kill      the process is killed before the call
///                  torn      the process is killed when half of the bytes of a write are written
///     FAULT_LOG    a file that gets a line for each numbered call: number, kind, path, second path or offset in
///                  FAULT_LOG.data, two numbers, and a note
///     FAULT_TRACE  1: what is written goes into FAULT_LOG.data as well
#include "faultshim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { maxDescriptors = 4096 };

typedef enum { faultNone, faultError, faultFull, faultShort, faultStorm, faultKill, faultTorn } Fault;

static char paths[4096], calls[1024];
static Fault fault;
static long faultAt, faultEvery;
int faultErrno = ENOSPC;
static int trace;
static atomic_long counter;
static char descriptorPaths[maxDescriptors][maxPath];
static int logDescriptor = -1, dataDescriptor = -1;
static off_t dataLength;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int isReady;

/// Opens a file of our own, out of the way of the program's descriptors.
static int openRecord(const char *path) {
    int low = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (low < 0) return -1;
    int high = fcntl(low, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, low);
    return high;
}

static Fault faultNamed(const char *name) {
    static const struct { const char *name; Fault fault; } kinds[] = {
        {"error", faultError}, {"full", faultFull}, {"short", faultShort},
        {"storm", faultStorm}, {"kill", faultKill}, {"torn", faultTorn}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(name, kinds[i].name)) return kinds[i].fault;
    return faultNone;
}

void setUp(void) {
    if (atomic_load(&isReady)) return;
    pthread_mutex_lock(&lock);
    if (!atomic_load(&isReady)) {
        const char *text;
        if ((text = getenv("FAULT_PATHS"))) snprintf(paths, sizeof paths, "%s", text);
        if ((text = getenv("FAULT_CALLS"))) snprintf(calls, sizeof calls, ",%s,", text);
        if ((text = getenv("FAULT_AT"))) faultAt = atol(text);
        if ((text = getenv("FAULT_EVERY"))) faultEvery = atol(text);
        if ((text = getenv("FAULT_ERRNO"))) faultErrno = atoi(text);
        if ((text = getenv("FAULT_TRACE"))) trace = atoi(text);
        if ((text = getenv("FAULT_KIND"))) fault = faultNamed(text);
        if ((text = getenv("FAULT_LOG")) && *text) {
            char data[PATH_MAX];
            snprintf(data, sizeof data, "%s.data", text);
            logDescriptor = openRecord(text);
            if (trace) dataDescriptor = openRecord(data);
        }
        atomic_store(&isReady, 1);
    }
    pthread_mutex_unlock(&lock);
}

/// Takes the settings from the environment anew.
void faultShimReset(void) {
    paths[0] = calls[0] = 0;
    fault = faultNone;
    faultAt = faultEvery = 0;
    faultErrno = ENOSPC;
    trace = 0;
    atomic_store(&counter, 0);
    atomic_store(&isReady, 0);
    setUp();
}

void record(long number, const char *call, const char *path, const char *other, long x, long y, const char *note) {
    if (logDescriptor < 0 || number == 0) return;
    char line[2 * PATH_MAX + 256];
    int length =
        snprintf(line, sizeof line, "%ld\t%s\t%s\t%s\t%ld\t%ld\t%s\n", number, call, path, other, x, y, note);
    syscall(SYS_write, logDescriptor, line, (size_t)length);
}

int isWatched(const char *path) {
    if (!path || !*path || !paths[0]) return 0;
    char absolute[PATH_MAX + maxPath];
    if (path[0] != '/') {
        char folder[PATH_MAX];
        if (syscall(SYS_getcwd, folder, sizeof folder) < 0) return 0;
        snprintf(absolute, sizeof absolute, "%s/%s", folder, path);
        path = absolute;
    }
    for (const char *next = paths; *next;) {
        const char *end = strchrnul(next, ':');
        size_t length = (size_t)(end - next);
        if (length && !strncmp(path, next, length) && (path[length] == 0 || path[length] == '/')) return 1;
        next = *end ? end + 1 : end;
    }
    return 0;
}

/// The watched path that a descriptor was opened by; NULL for other descriptors.
const char *pathOf(int descriptor) {
    if (descriptor < 0 || descriptor >= maxDescriptors) return NULL;
    return descriptorPaths[descriptor][0] ? descriptorPaths[descriptor] : NULL;
}

void remember(int descriptor, const char *path) {
    if (descriptor >= 0 && descriptor < maxDescriptors)
        snprintf(descriptorPaths[descriptor], maxPath, "%s", path ? path : "");
}

_Noreturn void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/// Numbers a call and says what it is to do; `errno` is set where it is to fail.
Order next(const char *call, const char *path, long *number) {
    *number = 0;
    if (calls[0]) {
        char key[64];
        snprintf(key, sizeof key, ",%s,", call);
        if (!strstr(calls, key)) return goOn;
    }
    long n = atomic_fetch_add(&counter, 1) + 1;
    *number = n;
    if (fault == faultStorm) {
        int canBeInterrupted =
            !strcmp(call, "read") || !strcmp(call, "write") || !strcmp(call, "fsync") || !strcmp(call, "open")
            || !strcmp(call, "create");
        if (!canBeInterrupted || faultEvery <= 0 || n % faultEvery) return goOn;
        record(n, call, path, "", 0, 0, "INTERRUPTED");
        errno = EINTR;
        return fail;
    }
    if (faultAt <= 0 || !(n == faultAt || (fault == faultFull && n > faultAt))) return goOn;
    switch (fault) {
    case faultShort: record(n, call, path, "", 0, 0, "SHORTENED"); return halve;
    case faultTorn:
        if (!strcmp(call, "write")) return tear;
        record(n, call, path, "", 0, 0, "KILLED");
        die();
    case faultKill: record(n, call, path, "", 0, 0, "KILLED"); die();
    case faultError:
    case faultFull:
        record(n, call, path, "", 0, 0, "FAILED");
        errno = faultErrno;
        return fail;
    default: return goOn;
    }
}

/// Records a call that was made, without touching `errno`.
void done(long number, const char *call, const char *path, const char *other, long x, long y, const char *note) {
    int saved = errno;
    record(number, call, path, other, x, y, note);
    errno = saved;
}

void recordWrite(long number, const char *path, const void *bytes, ssize_t count, long at) {
    int saved = errno;
    pthread_mutex_lock(&lock);
    char place[32];
    snprintf(place, sizeof place, "%lld", (long long)dataLength);
    if (dataDescriptor >= 0 && count > 0) {
        syscall(SYS_write, dataDescriptor, bytes, (size_t)count);
        dataLength += count;
    }
    record(number, "write", path, place, at, (long)count, "");
    pthread_mutex_unlock(&lock);
    errno = saved;
}

int isSetUp(void) { return atomic_load(&isReady); }
