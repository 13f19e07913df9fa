#pragma once
#include "CTBase.h"

/// ATen's elementwise functions of one tensor, by name.
#define CT_UNARY_FUNCTIONS(F) \
    F(abs) F(bitwise_not) F(ceil) F(cos) F(digamma) F(erf) \
    F(erfc) F(erfinv) F(exp) F(expm1) F(floor) F(isfinite) \
    F(isnan) F(lgamma) F(log) F(log1p) F(log_sigmoid) F(neg) \
    F(reciprocal) F(relu) F(round) F(rsqrt) F(sigmoid) F(sign) \
    F(silu) F(sin) F(softplus) F(special_log_ndtr) F(special_ndtri) F(sqrt) \
    F(square) F(tanh)

/// ATen's elementwise functions of two tensors, and of a tensor and a number.
#define CT_BINARY_FUNCTIONS(F) \
    F(add) F(sub) F(mul) F(div) F(pow) F(eq) \
    F(ne) F(lt) F(le) F(gt) F(ge) F(remainder)

#define CT_DECLARE_UNARY(name) CT_MAKES(ct_##name, CTTensor x)
#define CT_DECLARE_BINARY(name) \
    CT_MAKES(ct_##name, CTTensor x, CTTensor y) CT_MAKES(ct_##name##_scalar, CTTensor x, double y)

CT_BEGIN
#pragma clang assume_nonnull begin

CT_UNARY_FUNCTIONS(CT_DECLARE_UNARY)
CT_BINARY_FUNCTIONS(CT_DECLARE_BINARY)
CT_MAKES(ct_rsub_scalar, CTTensor x, double y)
CT_MAKES(ct_maximum, CTTensor x, CTTensor y)
CT_MAKES(ct_minimum, CTTensor x, CTTensor y)
CT_MAKES(ct_logaddexp, CTTensor x, CTTensor y)
CT_MAKES(ct_bitwise_and, CTTensor x, CTTensor y)
CT_MAKES(ct_bitwise_or, CTTensor x, CTTensor y)
/// Either bound may be infinite.
CT_MAKES(ct_clamp, CTTensor x, double low, double high)
CT_MAKES(ct_leaky_relu, CTTensor x, double slope)
CT_MAKES(ct_elu, CTTensor x, double alpha)
CT_MAKES(ct_gelu, CTTensor x)
CT_MAKES(ct_where, CTTensor mask, CTTensor x, CTTensor y)

/// x += scale · y, in place.
bool ct_add_in(CTTensor x, CTTensor y, double scale) CT_NOEXCEPT;
/// x *= scale, in place.
bool ct_scale_in(CTTensor x, double scale) CT_NOEXCEPT;
/// x = x + weight · (y − x), in place.
bool ct_lerp_in(CTTensor x, CTTensor y, double weight) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
