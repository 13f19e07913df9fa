/// What the parts of the shim share; faultshim.c says what its settings are.
#define _GNU_SOURCE
#include <sys/types.h>

// The program may have functions of the same names.
#pragma GCC visibility push(hidden)

enum { maxPath = 1024 };

/// What a call is to do.
typedef enum { goOn, fail, halve, tear } Order;

/// The error of a call that is to fail.
extern int faultErrno;

/// Takes the settings from the environment, once.
void setUp(void);
int isSetUp(void);
/// Takes the settings from the environment anew.
void faultShimReset(void);

/// Whether a path is in a watched folder.
int isWatched(const char *path);
/// The watched path that a descriptor was opened by; NULL for other descriptors.
const char *pathOf(int descriptor);
/// Notes by which watched path a descriptor was opened; NULL for another path.
void remember(int descriptor, const char *path);

/// Numbers a call and says what it is to do; `errno` is set where it is to fail.
Order next(const char *call, const char *path, long *number);
/// Writes a line of the log.
void record(long number, const char *call, const char *path, const char *other, long x, long y, const char *note);
/// Records a call that was made, without touching `errno`.
void done(long number, const char *call, const char *path, const char *other, long x, long y, const char *note);
/// Records a write at an offset of a file and, where that is asked for, the bytes.
void recordWrite(long number, const char *path, const void *bytes, ssize_t count, long at);
/// Ends the process as `kill -9` does.
_Noreturn void die(void);

#pragma GCC visibility pop
