#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

// `axes` of count 0 means all of them.
CT_MAKES(ct_sum, CTTensor x, const long *axes, long count, bool keep)
CT_MAKES(ct_mean, CTTensor x, const long *axes, long count, bool keep)
CT_MAKES(ct_amax, CTTensor x, const long *axes, long count, bool keep)
CT_MAKES(ct_amin, CTTensor x, const long *axes, long count, bool keep)
CT_MAKES(ct_logsumexp, CTTensor x, const long *axes, long count, bool keep)
CT_MAKES(ct_variance, CTTensor x, const long *axes, long count, bool unbiased, bool keep)
CT_MAKES(ct_norm, CTTensor x, const long *axes, long count, double order, bool keep)
CT_MAKES(ct_argmax, CTTensor x, long axis, bool keep)
CT_MAKES(ct_argmin, CTTensor x, long axis, bool keep)
CT_MAKES(ct_cumsum, CTTensor x, long axis)
CT_MAKES(ct_softmax, CTTensor x, long axis)
CT_MAKES(ct_log_softmax, CTTensor x, long axis)
CT_MAKES(ct_all, CTTensor x)
CT_MAKES(ct_any, CTTensor x)
/// The indices that sort `x` along `axis`.
CT_MAKES(ct_argsort, CTTensor x, long axis, bool descending)

#pragma clang assume_nonnull end
CT_END
