#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

CT_MAKES(ct_full, const long *shape, long rank, double value, int dtype)
CT_MAKES(ct_arange, double start, double end, double step, int dtype)
CT_MAKES(ct_linspace, double start, double end, long count, int dtype)
CT_MAKES(ct_eye, long size, int dtype)
/// Copies `bytes`, row-major.
CT_MAKES(ct_from_bytes, const void *bytes, const long *shape, long rank, int dtype)
/// Copies the elements, row-major, to `destination`, which has room for `byteCount` bytes.
bool ct_copy_bytes(CTTensor x, void *destination, long byteCount) CT_NOEXCEPT;
/// The elements in place when they are contiguous on the CPU, NULL otherwise.
void *_Nullable ct_data(CTTensor x) CT_NOEXCEPT;

CT_MAKES(ct_to_dtype, CTTensor x, int dtype)
CT_MAKES(ct_clone, CTTensor x)
CT_MAKES(ct_contiguous, CTTensor x)
/// Writes the elements of `source`, broadcast and converted, into `x`.
bool ct_copy_in(CTTensor x, CTTensor source) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
