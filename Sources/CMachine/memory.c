// How much memory there is, and how much is left.
#include "CMachine.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__)

/// The number after `key` at the beginning of a line; -1 where there is none.
static long long number_after(const char *path, const char *key) {
    FILE *file = fopen(path, "re");
    if (!file) return -1;
    char line[256];
    long long found = -1;
    while (found < 0 && fgets(line, sizeof line, file)) {
        char *end = line + strlen(key);
        if (strncmp(line, key, strlen(key)) != 0) continue;
        long long value = strtoll(line + strlen(key), &end, 10);
        if (end != line + strlen(key)) found = value;
    }
    fclose(file);
    return found;
}

static long long least(long long a, long long b) { return b >= 0 && b < a ? b : a; }

/// Where the files of the control group of memory are; empty where there are none.
static void find_group(char *folder, size_t size) {
    char line[3000], path[3000] = "";
    FILE *file = fopen("/proc/self/cgroup", "re");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "0::", 3) == 0) strcpy(path, line + 3);
    }
    if (file) fclose(file);
    snprintf(folder, size, "/sys/fs/cgroup%s", path);
    char limit[4096];
    snprintf(limit, sizeof limit, "%s/memory.max", folder);
    // In a container the path is one that is seen from outside.
    if (access(limit, R_OK) != 0) snprintf(folder, size, "/sys/fs/cgroup");
}

/// What a control group allows, and how much of it is left; -1 where it does not limit memory.
static void ask_group(long long *limit, long long *left) {
    char folder[4000], path[4096];
    find_group(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/memory.max", folder);
    *limit = number_after(path, "");
    *left = -1;
    if (*limit < 0) return;
    snprintf(path, sizeof path, "%s/memory.current", folder);
    long long used = number_after(path, "");
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    long long cached = number_after(path, "inactive_file ");
    *left = *limit - (used < 0 ? 0 : used) + (cached < 0 ? 0 : cached);
    if (*left < 0) *left = 0;
}

/// What `ulimit -v` leaves; -1 where it does not limit memory.
static long long left_of_address_space(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return -1;
    long long used = number_after("/proc/self/statm", "");
    long long left = (long long)limit.rlim_cur - (used < 0 ? 0 : used) * sysconf(_SC_PAGESIZE);
    return left < 0 ? 0 : left;
}

long long cm_memory(void) {
    long long group, left, total = number_after("/proc/meminfo", "MemTotal:");
    if (total < 0) return 0;
    ask_group(&group, &left);
    return least(total * 1024, group);
}

long long cm_available_memory(void) {
    long long available = number_after("/proc/meminfo", "MemAvailable:"), swap, limit, left;
    if (available < 0) return cm_memory();
    swap = number_after("/proc/meminfo", "SwapFree:");
    available = (available + (swap < 0 ? 0 : swap)) * 1024;
    ask_group(&limit, &left);
    return least(least(available, left), left_of_address_space());
}

#else

long long cm_memory(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages < 0 || size < 0 ? 0 : (long long)pages * size;
}

long long cm_available_memory(void) { return cm_memory(); }

#endif
