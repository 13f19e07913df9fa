// What comes after a product: bias and activation in the forward pass, the activation's slope and the bias's gradient
// in the backward pass, each in one walk over the rows.
#pragma once

#include <ATen/Tensor.h>

#include <optional>

namespace ct {

/// What a layer applies to its product; the numbers are those of CT_ACTIVATION.
enum class Activation : int { none = 0, relu = 1, tanh = 2 };

/// f(y + bias) for `y` [..., N], of which nobody else may know: it is overwritten where that is possible.
at::Tensor activated(at::Tensor y, const std::optional<at::Tensor> &bias, Activation activation);

/// A gradient carried back over an activation, and its sum over the rows.
struct Carried {
    at::Tensor gradient;
    /// Absent unless asked for.
    at::Tensor sums;
};

/// g · f'(f⁻¹(y)), where `y` [..., N] is what the activation gave, and Σ over rows if `summed`.
///
/// `g` is overwritten where nobody else holds it. While gradients are recorded only operations that record are used.
Carried carried_back(at::Tensor &&g, const at::Tensor &y, Activation activation, bool summed);

/// Whether nobody but the holder of `x` can see its elements.
bool is_sole(const at::Tensor &x);

} // namespace ct
