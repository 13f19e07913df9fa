// activation(x · wᵀ + b) and its backward products, bias and activation in one walk after the product.
//
// Replaces at::linear + activation, whose product goes to MKL: on processors that are not Intel's, MKL stays on AVX2
// at half the rate. On Intel's own the two are level, and MKL takes transposed operands without a copy.
#include "../Guard.h"
#include "Epilogue.h"

#include <ATen/CPUFunctions.h>
#include <ATen/Functions.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;

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

/// `x` has any leading axes. They are laid side by side in here: views that are recorded on the way in and out, and
/// walked back, took longer than a small product.
struct Linear : torch::autograd::Function<Linear> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &w,
                              const std::optional<at::Tensor> &b, int activation) {
        at::AutoDispatchBelowADInplaceOrView below;
        // Not inside the product: oneDNN's ReLU turns NaN into zero, and would hide that a run has diverged.
        auto y = activated(laid_as(x, times_transposed(rows_of(x), w)), b, static_cast<Activation>(activation));
        context->saved_data["activation"] = activation;
        context->saved_data["biased"] = b.has_value();
        context->save_for_backward({x, w, activation == CT_ACTIVATION_NONE ? at::Tensor() : y});
        return y;
    }

    /// By reference, so that the gradient can be taken over and overwritten.
    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list &incoming) {
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &w = saved[1], &y = saved[2];
        // An absent bias is no input, and asking about it is an error.
        bool summed = context->saved_data["biased"].toBool() && context->needs_input_grad(2);
        auto activation = static_cast<Activation>(context->saved_data["activation"].toInt());
        auto [g, toB] = carried_back(std::move(incoming[0]), y, activation, summed);
        at::Tensor toX, toW;
        if (at::GradMode::is_enabled()) {
            // A gradient that is differentiated again goes through operations that record.
            auto slopes = g.reshape({-1, g.size(-1)});
            if (context->needs_input_grad(0)) toX = at::mm(slopes, w).reshape(x.sizes());
            if (context->needs_input_grad(1)) toW = at::mm(slopes.t(), x.reshape({-1, x.size(-1)}));
        } else {
            at::AutoDispatchBelowADInplaceOrView below;
            auto slopes = rows_of(g);
            if (context->needs_input_grad(0)) toX = laid_as(x, times_transposed(slopes, turned(w)));
            if (context->needs_input_grad(1)) toW = times_transposed(turned(slopes), turned(rows_of(x)));
        }
        return {toX, toW, toB, at::Tensor()};
    }
};

} // namespace

CTTensor ct_linear(CTTensor x, CTTensor w, CTTensor b, int activation) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto &input = ref(x), &weight = ref(w);
        if (!input.is_cpu() || weight.dim() != 2 || input.dim() < 1 || input.size(-1) != weight.size(1)) {
            auto y = at::linear(input, weight, maybe(b));
            return make(activation == CT_ACTIVATION_RELU   ? at::relu(y)
                        : activation == CT_ACTIVATION_TANH ? at::tanh(y)
                                                           : y);
        }
        return make(Linear::apply(input, weight, maybe(b), activation));
    });
}

bool ct_linear_uses_onednn(void) noexcept { return uses_onednn(); }
void ct_set_linear_uses_onednn(bool on) noexcept { uses_onednn() = on && product() != nullptr; }
