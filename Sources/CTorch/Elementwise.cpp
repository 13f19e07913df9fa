#include "Guard.h"

#include <ATen/Functions.h>
#include <cmath>

using namespace ct;

#define CT_DEFINE_UNARY(name) CT_DEFINE(ct_##name, (CTTensor x), at::name(ref(x)))
CT_UNARY_FUNCTIONS(CT_DEFINE_UNARY)

#define CT_DEFINE_BINARY(name)                                                                                       \
    CT_DEFINE(ct_##name, (CTTensor x, CTTensor y), at::name(ref(x), ref(y)))                                         \
    CT_DEFINE(ct_##name##_scalar, (CTTensor x, double y), at::name(ref(x), scalar(ref(x), y)))
CT_BINARY_FUNCTIONS(CT_DEFINE_BINARY)

CT_DEFINE(ct_rsub_scalar, (CTTensor x, double y), at::rsub(ref(x), scalar(ref(x), y)))
CT_DEFINE(ct_maximum, (CTTensor x, CTTensor y), at::maximum(ref(x), ref(y)))
CT_DEFINE(ct_minimum, (CTTensor x, CTTensor y), at::minimum(ref(x), ref(y)))
CT_DEFINE(ct_logaddexp, (CTTensor x, CTTensor y), at::logaddexp(ref(x), ref(y)))
CT_DEFINE(ct_bitwise_and, (CTTensor x, CTTensor y), at::bitwise_and(ref(x), ref(y)))
CT_DEFINE(ct_bitwise_or, (CTTensor x, CTTensor y), at::bitwise_or(ref(x), ref(y)))
CT_DEFINE(ct_leaky_relu, (CTTensor x, double slope), at::leaky_relu(ref(x), slope))
CT_DEFINE(ct_elu, (CTTensor x, double alpha), at::elu(ref(x), alpha))
CT_DEFINE(ct_gelu, (CTTensor x), at::gelu(ref(x)))
CT_DEFINE(ct_where, (CTTensor mask, CTTensor x, CTTensor y), at::where(ref(mask), ref(x), ref(y)))

static std::optional<at::Scalar> finite(const at::Tensor &x, double bound) {
    return std::isinf(bound) ? std::nullopt : std::optional<at::Scalar>(scalar(x, bound));
}

CT_DEFINE(ct_clamp, (CTTensor x, double low, double high),
          at::clamp(ref(x), finite(ref(x), low), finite(ref(x), high)))

CT_PERFORM(ct_add_in, (CTTensor x, CTTensor y, double scale), at::NoGradGuard guard; ref(x).add_(ref(y), scale))
CT_PERFORM(ct_scale_in, (CTTensor x, double scale), at::NoGradGuard guard; ref(x).mul_(scale))
CT_PERFORM(ct_lerp_in, (CTTensor x, CTTensor y, double weight), at::NoGradGuard guard;
           ref(x).lerp_(ref(y), weight))
