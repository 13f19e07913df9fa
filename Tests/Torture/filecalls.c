/// The file calls that the shim stands in for: each asks what it is to do, and is made by the kernel or fails.
#include "faultshim.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// --- Descriptors ------------------------------------------------------------------------------------------------------

static int openAt(int folder, const char *path, int flags, mode_t mode) {
    setUp();
    if (!isWatched(path)) {
        int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
        remember(descriptor, NULL);
        return descriptor;
    }
    const char *call = flags & (O_CREAT | O_TRUNC) ? "create" : "open";
    long number;
    if (next(call, path, &number) == fail) return -1;
    struct stat status;
    int existed = syscall(SYS_newfstatat, AT_FDCWD, path, &status, 0) == 0;
    int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (descriptor >= 0) remember(descriptor, path);
    const char *note = descriptor < 0 ? "" : (flags & O_CREAT) && !existed ? "CREATED" : flags & O_TRUNC ? "EMPTIED" : "";
    done(number, call, path, "", flags, descriptor, note);
    return descriptor;
}
#define MODE \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }
int open(const char *path, int flags, ...) { MODE return openAt(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return openAt(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE return openAt(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE return openAt(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return openAt(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return openAt(AT_FDCWD, path, flags, 0); }
int creat(const char *path, mode_t mode) { return openAt(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static ssize_t writeAt(int descriptor, const void *bytes, size_t count, off_t offset, int isPlaced) {
    const char *path = pathOf(descriptor);
    long number;
    Order order = next("write", path, &number);
    if (order == fail) return -1;
    if ((order == halve || order == tear) && count > 1) count /= 2;
    off_t at = offset;
    if (!isPlaced) {
        struct stat status;
        int isAppending = (int)syscall(SYS_fcntl, descriptor, F_GETFL) & O_APPEND;
        at = isAppending && syscall(SYS_fstat, descriptor, &status) == 0
            ? status.st_size : (off_t)syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
    }
    ssize_t written = isPlaced
        ? syscall(SYS_pwrite64, descriptor, bytes, count, offset) : syscall(SYS_write, descriptor, bytes, count);
    if (order == tear) {
        record(number, "write", path, "", (long)at, (long)written, "TORN");
        die();
    }
    recordWrite(number, path, bytes, written, (long)at);
    return written;
}
ssize_t write(int descriptor, const void *bytes, size_t count) {
    setUp();
    if (!pathOf(descriptor)) return syscall(SYS_write, descriptor, bytes, count);
    return writeAt(descriptor, bytes, count, 0, 0);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    setUp();
    if (!pathOf(descriptor)) return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
    return writeAt(descriptor, bytes, count, offset, 1);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

static ssize_t readAt(int descriptor, void *bytes, size_t count, off_t offset, int isPlaced) {
    setUp();
    long number = 0;
    const char *path = pathOf(descriptor);
    if (path) {
        Order order = next("read", path, &number);
        if (order == fail) return -1;
        if (order == halve && count > 1) count /= 2;
    }
    ssize_t found = isPlaced
        ? syscall(SYS_pread64, descriptor, bytes, count, offset) : syscall(SYS_read, descriptor, bytes, count);
    if (path) done(number, "read", path, "", (long)count, (long)found, "");
    return found;
}
ssize_t read(int descriptor, void *bytes, size_t count) { return readAt(descriptor, bytes, count, 0, 0); }
ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
    return readAt(descriptor, bytes, count, offset, 1);
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
    return readAt(descriptor, bytes, count, offset, 1);
}

static int synchronize(int descriptor, long call) {
    setUp();
    const char *path = pathOf(descriptor);
    long number = 0;
    if (path && next("fsync", path, &number) == fail) return -1;
    int status = (int)syscall(call, descriptor);
    if (path) done(number, "fsync", path, "", descriptor, status, "");
    return status;
}
int fsync(int descriptor) { return synchronize(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synchronize(descriptor, SYS_fdatasync); }

/// A close that fails has closed the descriptor all the same, as on Linux.
int close(int descriptor) {
    setUp();
    char path[maxPath];
    snprintf(path, sizeof path, "%s", pathOf(descriptor) ? pathOf(descriptor) : "");
    long number = 0;
    Order order = path[0] ? next("close", path, &number) : goOn;
    remember(descriptor, NULL);
    int status = (int)syscall(SYS_close, descriptor);
    if (order == fail) {
        errno = faultErrno;
        return -1;
    }
    if (path[0]) done(number, "close", path, "", descriptor, status, "");
    return status;
}

/// A call on a descriptor that either fails or is made: `KIND` is its name here, `MADE` the system call.
#define ON_DESCRIPTOR(TYPE, KIND, MADE) \
    setUp(); \
    const char *path = pathOf(descriptor); \
    long number = 0; \
    if (path && next(KIND, path, &number) == fail) return (TYPE)-1; \
    TYPE status = (TYPE)(MADE); \
    if (path) done(number, KIND, path, "", (long)status, 0, ""); \
    return status;
int flock(int descriptor, int operation) { ON_DESCRIPTOR(int, "lock", syscall(SYS_flock, descriptor, operation)) }
int fchmod(int descriptor, mode_t mode) { ON_DESCRIPTOR(int, "chmod", syscall(SYS_fchmod, descriptor, mode)) }
off_t lseek(int descriptor, off_t offset, int whence) {
    ON_DESCRIPTOR(off_t, "seek", syscall(SYS_lseek, descriptor, offset, whence))
}
off64_t lseek64(int descriptor, off64_t offset, int whence) { return lseek(descriptor, offset, whence); }
int ftruncate(int descriptor, off_t length) {
    setUp();
    const char *path = pathOf(descriptor);
    long number = 0;
    if (path && next("truncate", path, &number) == fail) return -1;
    int status = (int)syscall(SYS_ftruncate, descriptor, length);
    if (path) done(number, "truncate", path, "", (long)length, status, "");
    return status;
}
int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }
int fstat(int descriptor, struct stat *found) { ON_DESCRIPTOR(int, "stat", syscall(SYS_fstat, descriptor, found)) }
int fstat64(int descriptor, struct stat64 *found) { return fstat(descriptor, (struct stat *)found); }

// --- Names ------------------------------------------------------------------------------------------------------------

static int renameAt(int folder, const char *path, int otherFolder, const char *other, unsigned flags) {
    setUp();
    long number = 0;
    int isOurs = isWatched(path) || isWatched(other);
    if (isOurs && next("rename", path, &number) == fail) return -1;
    int status = (int)syscall(SYS_renameat2, folder, path, otherFolder, other, flags);
    if (isOurs) done(number, "rename", path, other, status, 0, "");
    return status;
}
int rename(const char *path, const char *other) { return renameAt(AT_FDCWD, path, AT_FDCWD, other, 0); }
int renameat(int folder, const char *path, int otherFolder, const char *other) {
    return renameAt(folder, path, otherFolder, other, 0);
}
int renameat2(int folder, const char *path, int otherFolder, const char *other, unsigned flags) {
    return renameAt(folder, path, otherFolder, other, flags);
}

/// A call on a path that either fails or is made.
#define ON_PATH(TYPE, KIND, MADE) \
    setUp(); \
    long number = 0; \
    int isOurs = isWatched(path); \
    if (isOurs && next(KIND, path, &number) == fail) return (TYPE)-1; \
    TYPE status = (TYPE)(MADE); \
    if (isOurs) done(number, KIND, path, "", (long)status, 0, ""); \
    return status;
int mkdir(const char *path, mode_t mode) { ON_PATH(int, "mkdir", syscall(SYS_mkdirat, AT_FDCWD, path, mode)) }
int mkdirat(int folder, const char *path, mode_t mode) { ON_PATH(int, "mkdir", syscall(SYS_mkdirat, folder, path, mode)) }
int unlinkat(int folder, const char *path, int flags) {
    ON_PATH(int, "unlink", syscall(SYS_unlinkat, folder, path, flags))
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    struct stat status;
    int isFolder = syscall(SYS_newfstatat, AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
    return unlinkat(AT_FDCWD, path, isFolder ? AT_REMOVEDIR : 0);
}
int symlink(const char *target, const char *path) {
    setUp();
    long number = 0;
    int isOurs = isWatched(path);
    if (isOurs && next("symlink", path, &number) == fail) return -1;
    int status = (int)syscall(SYS_symlinkat, target, AT_FDCWD, path);
    if (isOurs) done(number, "symlink", path, target, status, 0, "");
    return status;
}
ssize_t readlink(const char *path, char *text, size_t size) {
    ON_PATH(ssize_t, "readlink", syscall(SYS_readlinkat, AT_FDCWD, path, text, size))
}
int stat(const char *path, struct stat *found) {
    ON_PATH(int, "stat", syscall(SYS_newfstatat, AT_FDCWD, path, found, 0))
}
int stat64(const char *path, struct stat64 *found) { return stat(path, (struct stat *)found); }
int lstat(const char *path, struct stat *found) {
    ON_PATH(int, "stat", syscall(SYS_newfstatat, AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW))
}
int lstat64(const char *path, struct stat64 *found) { return lstat(path, (struct stat *)found); }
int access(const char *path, int mode) { ON_PATH(int, "stat", syscall(SYS_faccessat, AT_FDCWD, path, mode)) }

// --- Folders and maps -------------------------------------------------------------------------------------------------

/// The C library's own function of a name.
#define REAL(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

enum { maxStreams = 64 };
static _Atomic(DIR *) streams[maxStreams];

DIR *opendir(const char *path) {
    setUp();
    long number = 0;
    int isOurs = isWatched(path);
    if (isOurs && next("list", path, &number) == fail) return NULL;
    DIR *stream = REAL(opendir)(path);
    for (int i = 0; isOurs && stream && i < maxStreams; i++) {
        DIR *none = NULL;
        if (atomic_compare_exchange_strong(&streams[i], &none, stream)) break;
    }
    if (isOurs) done(number, "list", path, "", 0, 0, "");
    return stream;
}
static int isStreamWatched(DIR *stream, int forgets) {
    for (int i = 0; i < maxStreams; i++)
        if (atomic_load(&streams[i]) == stream) {
            if (forgets) atomic_store(&streams[i], NULL);
            return 1;
        }
    return 0;
}
int closedir(DIR *stream) {
    isStreamWatched(stream, 1);
    return REAL(closedir)(stream);
}
struct dirent *readdir(DIR *stream) {
    long number;
    if (isStreamWatched(stream, 0) && next("entry", "", &number) == fail) return NULL;
    return REAL(readdir)(stream);
}
struct dirent64 *readdir64(DIR *stream) { return (struct dirent64 *)readdir(stream); }

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    if (descriptor >= 0 && isSetUp() && pathOf(descriptor)) {
        long number;
        if (next("map", pathOf(descriptor), &number) == fail) return MAP_FAILED;
        done(number, "map", pathOf(descriptor), "", (long)length, 0, "");
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset) {
    return mmap(address, length, protection, flags, descriptor, offset);
}
