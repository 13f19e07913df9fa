#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

// Over images [B, C, H, W]; the same stride, padding and dilation along both axes.
CT_MAKES(ct_max_pool2d, CTTensor x, long size, long stride, long padding)
CT_MAKES(ct_avg_pool2d, CTTensor x, long size, long stride, long padding)
/// `amounts`: before and after, from the last axis backwards. `mode`: constant, reflect, replicate, circular.
CT_MAKES(ct_pad, CTTensor x, const long *amounts, long count, const char *mode, double value)
CT_MAKES(ct_interpolate_nearest, CTTensor x, long height, long width)
CT_MAKES(ct_interpolate_bilinear, CTTensor x, long height, long width, bool antialias)

CT_MAKES(ct_layer_norm, CTTensor x, const long *shape, long rank, CTTensor _Nullable w, CTTensor _Nullable b,
         double epsilon)
CT_MAKES(ct_group_norm, CTTensor x, long groups, CTTensor _Nullable w, CTTensor _Nullable b, double epsilon)
/// In training the running statistics are updated in place.
CT_MAKES(ct_batch_norm, CTTensor x, CTTensor w, CTTensor b, CTTensor mean, CTTensor variance, bool training,
         double momentum, double epsilon)

#pragma clang assume_nonnull end
CT_END
