#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// The bytes of memory that this process may have in all: the machine's, or less where a container limits it; 0 where the
/// system does not say.
long long cm_memory(void);

/// The bytes that it may still take before the system, a container or `ulimit -v` refuses them; that of `cm_memory` where
/// the system does not say.
long long cm_available_memory(void);

#ifdef __cplusplus
}
#endif
