#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

/// Turns recording on or off for this thread; returns what it was.
bool ct_set_recording(bool on) CT_NOEXCEPT;
bool ct_requires_gradient(CTTensor x) CT_NOEXCEPT;
/// Marks or unmarks a leaf.
bool ct_set_requires_gradient(CTTensor x, bool on) CT_NOEXCEPT;
CT_MAKES(ct_detach, CTTensor x)
/// Gradients of the sum of `y` into `gradients`; NULL where `y` does not depend on an input.
/// `cotangent` weighs the elements of `y`; NULL means one each (then `y` is a scalar). The history is used up, unless it
/// is `kept` for another walk, or the gradients are `recording` one of their own.
bool ct_gradients(CTTensor y, CTTensor _Nullable cotangent, const CTTensor _Nonnull *_Nonnull inputs, long count,
                  bool recording, bool kept, CTTensor _Nullable *_Nonnull gradients) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
