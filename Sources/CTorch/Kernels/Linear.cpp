// activation(x · wᵀ + b) and its backward products, bias and activation in one walk after the product.
//
// Replaces at::linear + activation, whose product goes to MKL: on processors that are not Intel's, MKL stays on AVX2
// at half the rate. On Intel's own the two are level, and MKL takes transposed operands without a copy.
#include "../Guard.h"
#include "Epilogue.h"

#include <ATen/CPUFunctions.h>
#include <ATen/Functions.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <mutex>

namespace ct::linear {

namespace {

using Product = at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &,
                           std::string_view, c10::List<std::optional<at::Scalar>>,
                           std::optional<std::string_view>);

/// The operation mkldnn::_linear_pointwise, absent where LibTorch was built without oneDNN.
const c10::TypedOperatorHandle<Product> *product() {
    static auto found = []() -> std::optional<c10::TypedOperatorHandle<Product>> {
        auto schema = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
        if (!schema || !schema->hasKernelForDispatchKey(c10::DispatchKey::CPU)) return std::nullopt;
        return schema->typed<Product>();
    }();
    return found ? &*found : nullptr;
}

bool is_intel() {
#if defined(__x86_64__)
    return __builtin_cpu_is("intel");
#else
    return false;
#endif
}

std::atomic<bool> &uses_onednn() {
    static std::atomic<bool> choice{product() != nullptr && !is_intel()};
    return choice;
}

/// xᵀ without the four dispatches of x.t().
at::Tensor turned(const at::Tensor &x) {
    return at::cpu::as_strided(x, {x.size(1), x.size(0)}, {x.stride(1), x.stride(0)}, x.storage_offset());
}

/// a · bᵀ, unrecorded: the one shape of product that all three passes are written in.
at::Tensor times_transposed(const at::Tensor &a, const at::Tensor &b) {
    if (uses_onednn() && a.scalar_type() == at::kFloat && a.numel() > 0 && b.numel() > 0)
        return product()->call(a, b, std::nullopt, "none", c10::List<std::optional<at::Scalar>>(), "");
    return at::cpu::mm(a, turned(b));
}

at::Tensor unrecorded_view(const at::Tensor &x, at::IntArrayRef shape) {
    return x.is_contiguous() ? at::cpu::view(x, shape) : x.reshape(shape);
}

at::Tensor rows_of(const at::Tensor &x) { return x.dim() == 2 ? x : unrecorded_view(x, {-1, x.size(-1)}); }

/// The rows of a product [rows, columns] in the leading axes of `x`.
at::Tensor laid_as(const at::Tensor &x, const at::Tensor &product) {
    if (x.dim() == 2) return product;
    auto shape = x.sizes().vec();
    shape.back() = product.size(1);
    return unrecorded_view(product, shape);
}

/// Carries the gradient of a layer back. A node of its own: a torch::autograd::Function makes up its name, keeps its
/// settings in a hash table and wraps what it gives, for each layer and pass.
struct Linear final : torch::autograd::Node {
    torch::autograd::SavedVariable x, w, y;
    Activation activation = Activation::none;

    std::string name() const override { return "Linear"; }

    void release_variables() override {
        std::lock_guard<std::mutex> lock(mutex_);
        x.reset_data();
        w.reset_data();
        y.reset_data();
    }

    torch::autograd::variable_list apply(torch::autograd::variable_list &&incoming) override {
        std::lock_guard<std::mutex> lock(mutex_);
        at::Tensor toX, toW;
        if (!incoming[0].defined()) return {toX, toW, at::Tensor()};
        auto input = x.unpack(), weight = w.unpack(), output = y.unpack(getptr());
        bool needsX = task_should_compute_output(0), needsW = task_should_compute_output(1);
        // The gradient is handed over, so that it can be overwritten.
        auto [g, toB] = carried_back(std::move(incoming[0]), output, activation, task_should_compute_output(2));
        if (at::GradMode::is_enabled()) {
            // A gradient that is differentiated again goes through operations that record.
            auto slopes = g.reshape({-1, g.size(-1)});
            if (needsX) toX = at::mm(slopes, weight).reshape(input.sizes());
            if (needsW) toW = at::mm(slopes.t(), input.reshape({-1, input.size(-1)}));
        } else {
            at::AutoDispatchBelowADInplaceOrView below;
            auto slopes = rows_of(g);
            if (needsX) toX = laid_as(input, times_transposed(slopes, turned(weight)));
            // Turned, a part of longer rows is a layout that oneDNN leaves to its reference, hundreds of times slower.
            if (needsW) toW = times_transposed(turned(slopes), turned(rows_of(input).contiguous()));
        }
        return {toX, toW, toB};
    }
};

/// `x` has any leading axes. They are laid side by side in here: views that are recorded on the way in and out, and
/// walked back, took longer than a small product.
at::Tensor linear(const at::Tensor &x, const at::Tensor &w, const std::optional<at::Tensor> &b, Activation activation) {
    at::Tensor y;
    {
        at::AutoDispatchBelowADInplaceOrView below;
        // Not inside the product: oneDNN's ReLU turns NaN into zero, and would hide that a run has diverged.
        y = activated(laid_as(x, times_transposed(rows_of(x), w)), b, activation);
    }
    // An absent bias is an edge that leads nowhere.
    auto bias = b.value_or(at::Tensor());
    if (!torch::autograd::compute_requires_grad(x, w, bias)) return y;
    auto node = c10::make_intrusive<Linear>();
    node->set_next_edges(torch::autograd::collect_next_edges(x, w, bias));
    torch::autograd::set_history(y, node);
    node->activation = activation;
    node->x = torch::autograd::SavedVariable(x, /*is_output=*/false);
    node->w = torch::autograd::SavedVariable(w, /*is_output=*/false);
    if (activation != Activation::none) node->y = torch::autograd::SavedVariable(y, /*is_output=*/true);
    return y;
}

} // namespace

extern "C" CTTensor ct_linear(CTTensor x, CTTensor w, CTTensor b, int activation) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto &input = ref(x), &weight = ref(w);
        if (!input.is_cpu() || weight.dim() != 2 || input.dim() < 1 || input.size(-1) != weight.size(1)) {
            auto y = at::linear(input, weight, maybe(b));
            return make(activation == CT_ACTIVATION_RELU   ? at::relu(y)
                        : activation == CT_ACTIVATION_TANH ? at::tanh(y)
                                                           : y);
        }
        return make(linear(input, weight, maybe(b), static_cast<Activation>(activation)));
    });
}

extern "C" bool ct_linear_uses_onednn(void) noexcept { return uses_onednn(); }
extern "C" void ct_set_linear_uses_onednn(bool on) noexcept { uses_onednn() = on && product() != nullptr; }
           
           } // namespace ct::linear
           