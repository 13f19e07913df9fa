// Replaces torch::autograd::grad where nothing of the walk is recorded. LibTorch's engine sets up the state of a thread
// anew for each node, since its nodes may run on any: a third of all that a step of a small VAE spends outside its
// kernels (0.27 of 0.87 ms measured, 26 nodes). On one thread the same walk needs none of that.
#include "Backward.h"
#include "Kernels/Epilogue.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <queue>
#include <unordered_map>

namespace ct {

namespace {

using torch::autograd::Node;
using torch::autograd::variable_list;

/// What a node of the graph has received, and how much is still to come.
struct Pending {
    variable_list received;
    int waiting = 0;
    /// Whether a path leads on to something wanted. The others belong to someone else's history and are left alone.
    bool isNeeded = false;
};

using Nodes = std::unordered_map<Node *, Pending>;

/// Later operations first, as in LibTorch's engine, so that sums are taken in the same order.
struct Earlier {
    bool operator()(const Node *a, const Node *b) const { return a->sequence_nr() < b->sequence_nr(); }
};

/// The nodes behind `root`: which of them lead to one of `wanted`, and how many edges of such nodes lead to each.
Nodes survey(Node *root, const std::unordered_multimap<Node *, size_t> &wanted) {
    Nodes found;
    found.reserve(64);
    // Depth first without recursion, as graphs may be deep: a node is judged when all behind it have been.
    struct Step {
        Node *node;
        size_t edge;
    };
    found[root];
    std::vector<Step> path{{root, 0}};
    while (!path.empty()) {
        auto &[node, next] = path.back();
        if (next < node->next_edges().size()) {
            auto &edge = node->next_edges()[next++];
            if (edge.is_valid() && found.try_emplace(edge.function.get()).second)
                path.push_back({edge.function.get(), 0});
            continue;
        }
        auto &own = found[node];
        own.isNeeded = wanted.count(node) > 0;
        for (auto &edge : node->next_edges())
            if (edge.is_valid()) own.isNeeded |= found[edge.function.get()].isNeeded;
        path.pop_back();
    }
    for (auto &[node, own] : found) {
        if (!own.isNeeded) continue;
        own.received.resize(node->num_inputs());
        for (auto &edge : node->next_edges())
            if (edge.is_valid()) found[edge.function.get()].waiting++;
    }
    return found;
}

thread_local bool keeping = false;

/// Says that the graph is kept, until the end of a scope.
struct Keeping {
    explicit Keeping(bool kept) : before(keeping) { keeping = kept; }
    ~Keeping() { keeping = before; }
    Keeping(const Keeping &) = delete;
    Keeping &operator=(const Keeping &) = delete;
    bool before;
};

void add(at::Tensor &sum, at::Tensor &&term) {
    if (!term.defined()) return;
    if (!sum.defined())
        sum = std::move(term);
    else if (is_sole(sum) && !sum._is_zerotensor())
        sum.add_(term);
    else
        sum = at::add(sum, term);
}

} // namespace

bool keeps_graph() { return keeping; }

std::vector<at::Tensor> gradients_unrecorded(const at::Tensor &y, at::Tensor cotangent,
                                             const std::vector<at::Tensor> &inputs, bool kept) {
    at::AutoGradMode unrecorded(false);
    Keeping scope(kept);
    std::vector<at::Tensor> gradients(inputs.size());
    auto root = torch::autograd::impl::gradient_edge(y);
    std::unordered_multimap<Node *, size_t> wanted;
    std::vector<torch::autograd::Edge> edges;
    for (size_t i = 0; i < inputs.size(); i++) {
        edges.push_back(torch::autograd::impl::gradient_edge(inputs[i]));
        wanted.emplace(edges[i].function.get(), i);
    }
    auto nodes = survey(root.function.get(), wanted);
    if (!nodes[root.function.get()].isNeeded) return gradients;
    std::priority_queue<Node *, std::vector<Node *>, Earlier> ready;
    nodes[root.function.get()].received[root.input_nr] = std::move(cotangent);
    ready.push(root.function.get());
    while (!ready.empty()) {
        Node *node = ready.top();
        ready.pop();
        auto received = std::move(nodes[node].received);
        for (auto [place, end] = wanted.equal_range(node); place != end; ++place)
            gradients[place->second] = received[edges[place->second].input_nr];
        // Where all paths end nothing is done: a leaf's node would add to the leaf's own gradient.
        auto isNeeded = [&](auto &edge) { return edge.is_valid() && nodes[edge.function.get()].isNeeded; };
        if (std::none_of(node->next_edges().begin(), node->next_edges().end(), isNeeded)) continue;
        auto sent = (*node)(std::move(received));
        if (!kept) node->release_variables();
        // Also sums what was broadcast.
        torch::autograd::validate_outputs(node->next_edges(), sent,
                                          [&](const std::string &words) { return node->name() + ": " + words; });
        for (size_t i = 0; i < node->next_edges().size(); i++) {
            auto &edge = node->next_edge(i);
            if (!isNeeded(edge)) continue;
            auto &target = nodes[edge.function.get()];
            add(target.received[edge.input_nr], std::move(sent[i]));
            if (--target.waiting == 0) ready.push(edge.function.get());
        }
    }
    return gradients;
}

} // namespace ct
