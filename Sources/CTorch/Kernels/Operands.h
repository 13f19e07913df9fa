// What the kernels ask of the tensors they are given.
#pragma once

#include <ATen/Functions.h>

namespace ct {

/// Whether our own loops know the tensor's type.
inline bool is_plain(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat && x.numel() > 0; }

// Not const_data_ptr<float>(): its symbol's name depends on the compiler that made LibTorch.
inline const float *data(const at::Tensor &x) { return static_cast<const float *>(x.const_data_ptr()); }

/// Whether `part` repeats along leading axes to cover `whole`.
inline bool is_tail(const at::Tensor &part, const at::Tensor &whole) {
    return part.dim() > 0 && part.dim() <= whole.dim() &&
           part.sizes() == whole.sizes().slice(whole.dim() - part.dim());
}

/// `g` summed over the axes in front of those of `x`.
inline at::Tensor folded(const at::Tensor &g, const at::Tensor &x) {
    auto repeats = g.numel() / x.numel();
    return repeats == 1 ? g.reshape(x.sizes()) : at::sum(g.reshape({repeats, -1}), 0).reshape(x.sizes());
}

} // namespace ct
