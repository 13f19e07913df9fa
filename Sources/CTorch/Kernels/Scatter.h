// A transposed convolution as one matrix product whose rows are then added up into the image.
#pragma once

#include <ATen/Tensor.h>

namespace ct {

/// The transposed convolution, without bias, of `x` [B, I, H, W] with `w` [I, O, h, w], both channels-last.
at::Tensor scattered_convolution(const at::Tensor &x, const at::Tensor &w, at::IntArrayRef stride,
                                 at::IntArrayRef padding, at::IntArrayRef outputPadding);

} // namespace ct
