// log Bernoulli(x | logits) summed over the last axis, value and gradient in one pass.
//
// Replaces Σ x·l − softplus(l) composed of ATen operations, which walks the logits a dozen times forward and
// backward.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;

namespace {

#pragma clang fp reassociate(on) contract(fast)

/// Σ_d x·l − max(l, 0) − log(1 + e^−|l|); with `gradient` also x − σ(l).
CT_VECTORISED float row(const float *logits, const float *x, float *gradient, int64_t count) {
    float total = 0;
    if (gradient) {
        for (int64_t d = 0; d < count; d++) {
            float l = logits[d], e = exp_nonpositive(-__builtin_fabsf(l));
            float positive = l > 0 ? l : 0;
            total += x[d] * l - positive - log1p_unit(e);
            gradient[d] = x[d] - (l > 0 ? 1.0f : e) / (1.0f + e);
        }
    } else {
        for (int64_t d = 0; d < count; d++) {
            float l = logits[d], e = exp_nonpositive(-__builtin_fabsf(l));
            float positive = l > 0 ? l : 0;
            total += x[d] * l - positive - log1p_unit(e);
        }
    }
    return total;
}

/// The plain form: any type, any broadcast, differentiable twice.
at::Tensor composed(const at::Tensor &logits, const at::Tensor &x) {
    return at::sum(at::sub(at::mul(logits, x), at::softplus(logits)), -1);
}

/// Whether `x`, repeated along the leading axes, covers `logits` exactly and both can be walked as rows.
bool fits(const at::Tensor &logits, const at::Tensor &x) {
    if (!logits.is_cpu() || logits.scalar_type() != at::kFloat || x.scalar_type() != at::kFloat) return false;
    if (logits.dim() == 0 || logits.numel() == 0 || x.dim() > logits.dim()) return false;
    return x.sizes() == logits.sizes().slice(logits.dim() - x.dim()) && x.dim() > 0;
}

struct BernoulliLogProbability : torch::autograd::Function<BernoulliLogProbability> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &logits,
                              const at::Tensor &x, bool differentiable) {
        at::AutoDispatchBelowADInplaceOrView below;
        auto l = logits.contiguous(), observed = x.contiguous();
        auto size = l.size(-1), rows = l.numel() / size, observedRows = observed.numel() / size;
        auto shape = l.sizes().slice(0, l.dim() - 1);
        auto value = at::empty(shape, l.options());
        auto gradient = differentiable ? at::empty(l.sizes(), l.options()) : at::Tensor();
        // Not const_data_ptr<float>(): its symbol's name depends on the compiler that made LibTorch.
        auto *ls = static_cast<const float *>(l.const_data_ptr());
        auto *xs = static_cast<const float *>(observed.const_data_ptr());
        float *values = value.mutable_data_ptr<float>();
        float *gradients = differentiable ? gradient.mutable_data_ptr<float>() : nullptr;
        parallel(rows, 1 + 16384 / size, [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++)
                values[r] = row(ls + r * size, xs + (r % observedRows) * size,
                                gradients ? gradients + r * size : nullptr, size);
        });
        context->save_for_backward({logits, x, gradient});
        return value;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        auto saved = context->get_saved_variables();
        auto &logits = saved[0], &x = saved[1], &gradient = saved[2];
        auto weight = incoming[0].unsqueeze(-1);
        at::Tensor toLogits, toObserved;
        if (context->needs_input_grad(0)) {
            // A gradient that is differentiated again must know the logits: the plain form. Otherwise the graph is
            // walked once, and what it kept is ours to overwrite.
            toLogits = at::GradMode::is_enabled() ? at::mul(at::sub(x, at::sigmoid(logits)), weight)
                                                  : gradient.mul_(weight);
        }
        if (context->needs_input_grad(1)) toObserved = at::sum_to(at::mul(logits, weight), x.sizes());
        return {toLogits, toObserved, at::Tensor()};
    }
};

} // namespace

CTTensor ct_bernoulli_log_probability(CTTensor logits, CTTensor x, long eventRank) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        // The order of a sum's terms is free: images that lie channels-last are walked so.
        bool isLast = eventRank == 3 && ref(logits).stride(-3) == 1 && !ref(logits).is_contiguous();
        auto flat = [&](const at::Tensor &t) {
            auto walked = isLast ? t.movedim(-3, -1) : t;
            return eventRank == 1 ? walked : walked.flatten(-eventRank);
        };
        auto l = flat(ref(logits)), observed = flat(ref(x));
        if (!fits(l, observed)) return make(composed(l, observed));
        bool differentiable = at::GradMode::is_enabled() && (l.requires_grad() || observed.requires_grad());
        return make(BernoulliLogProbability::apply(l, observed, differentiable));
    });
}
