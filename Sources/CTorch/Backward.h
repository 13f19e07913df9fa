// The walk back through a graph of operations.
#pragma once

#include <ATen/Tensor.h>

#include <vector>

namespace ct {

/// The gradients of Σ `y` · `cotangent` with respect to `inputs`; undefined where no path leads.
///
/// Nothing of the walk is recorded. The graph is used up, unless it is `kept` for another walk.
std::vector<at::Tensor> gradients_unrecorded(const at::Tensor &y, at::Tensor cotangent,
                                             const std::vector<at::Tensor> &inputs, bool kept);

/// Whether the walk under way on this thread keeps the graph, so that no operation may overwrite what it saved.
bool keeps_graph();

} // namespace ct
