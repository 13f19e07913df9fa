#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

/// One Adam or AdamW step over lists of tensors in one sweep, in place. `step` is its number, from 1.
bool ct_fused_adam(const CTTensor _Nonnull *_Nonnull parameters, const CTTensor _Nonnull *_Nonnull gradients,
                   const CTTensor _Nonnull *_Nonnull first, const CTTensor _Nonnull *_Nonnull second,
                   long count, long step, double rate, double beta1, double beta2, double weightDecay,
                   double epsilon, bool decoupled) CT_NOEXCEPT;
/// One SGD step with momentum over lists of tensors, in place.
bool ct_fused_sgd(const CTTensor _Nonnull *_Nonnull parameters, const CTTensor _Nonnull *_Nonnull gradients,
                  const CTTensor _Nonnull *_Nonnull momenta, long count, double rate, double momentum,
                  double weightDecay, bool nesterov, bool isFirst) CT_NOEXCEPT;
/// The Euclidean norm over all tensors together, a float64 scalar.
CT_MAKES(ct_global_norm, const CTTensor _Nonnull *_Nonnull xs, long count)
/// averages = decay · averages + (1 − decay) · values, in place.
bool ct_average_all(const CTTensor _Nonnull *_Nonnull averages, const CTTensor _Nonnull *_Nonnull values, long count,
                    double decay) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
