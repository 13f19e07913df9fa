#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CT_BEGIN extern "C" {
#define CT_END }
#define CT_NOEXCEPT noexcept
#else
#define CT_BEGIN
#define CT_END
#define CT_NOEXCEPT
#endif

/// An owned reference to an at::Tensor.
typedef struct CTTensorOpaque *CTTensor;

/// Declares a function that returns a new tensor, or NULL with ct_last_error() set.
#define CT_MAKES(name, ...) CTTensor _Nullable name(__VA_ARGS__) CT_NOEXCEPT;

CT_BEGIN
#pragma clang assume_nonnull begin

/// Why the last call on this thread failed.
const char *ct_last_error(void) CT_NOEXCEPT;
/// Whether that was for want of memory.
bool ct_ran_out_of_memory(void) CT_NOEXCEPT;
/// Whether what this thread makes from now on has a shape and a type alone; returns what was so before.
bool ct_make_shapes_only(bool isOn) CT_NOEXCEPT;
/// How many handles are alive: tests hold this to zero.
long ct_live_handles(void) CT_NOEXCEPT;
/// How many handles this thread has made and not released; other threads do not disturb it.
long ct_thread_handles(void) CT_NOEXCEPT;
void ct_release(CTTensor x) CT_NOEXCEPT;

long ct_rank(CTTensor x) CT_NOEXCEPT;
long ct_size(CTTensor x, long axis) CT_NOEXCEPT;
long ct_count(CTTensor x) CT_NOEXCEPT;
/// LibTorch's ScalarType code.
int ct_dtype(CTTensor x) CT_NOEXCEPT;

const char *ct_torch_version(void) CT_NOEXCEPT;
int ct_threads(void) CT_NOEXCEPT;
void ct_set_threads(int count) CT_NOEXCEPT;
/// Flushes denormal numbers to zero on this thread and those it starts later.
void ct_flush_denormals(void) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
