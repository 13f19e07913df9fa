// The walk back through a graph of operations.
#pragma once

#include <ATen/Tensor.h>

#include <vector>

namespace ct {

/// The gradients of Σ `y` · `cotangent` with respect to `inputs`; undefined where no path leads.
///
/// The graph is used up, and nothing of the walk is recorded.
std::vector<at::Tensor> gradients_once(const at::Tensor &y, at::Tensor cotangent,
                                       const std::vector<at::Tensor> &inputs);

} // namespace ct
