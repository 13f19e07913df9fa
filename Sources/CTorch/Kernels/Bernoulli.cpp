// log Bernoulli(x | logits) summed over the last axis, value and gradient in one pass.
//
// Replaces Σ x·l − softplus(l) composed of ATen operations, which walks the logits a dozen times forward and
// backward.
#include "../Backward.h"
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"
#include "Operands.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace ct::bernoulli {

namespace {

#pragma clang fp reassociate(on) contract(fast)

/// How many elements are walked side by side, and how many of their factors 1 + e^−|l| ≤ 2 a float32 product can hold.
constexpr int64_t lanes = 64, factors = 96;

/// What 1 + e loses of e to rounding, where e ≤ 1: all of it when an element is nearly certain.
inline __attribute__((always_inline)) float lost(float e, float factor) {
#pragma clang fp reassociate(off) contract(off)
    return e - (factor - 1.0f);
}

/// One stretch of at most `lanes` elements: Σ x·l − max(l, 0), with the factors multiplied into `products`; with
/// `gradient` also x − σ(l).
inline __attribute__((always_inline)) float stretch(const float *logits, const float *x, float *gradient,
                                                    float *__restrict products, int64_t count) {
    float total = 0;
    for (int64_t i = 0; i < count; i++) {
        float l = logits[i], e = exp_nonpositive(-__builtin_fabsf(l)), factor = 1.0f + e;
        total += x[i] * l - (l > 0 ? l : 0) - lost(e, factor);
        products[i] *= factor;
        if (gradient) gradient[i] = x[i] - (l > 0 ? 1.0f : e) / factor;
    }
    return total;
}

/// Σ_d x·l − max(l, 0) − log(1 + e^−|l|); with `gradient` also x − σ(l). The logarithms of many elements are taken as
/// one of their product: a logarithm each took as long as the rest.
inline __attribute__((always_inline)) float walk(const float *logits, const float *x, float *gradient, int64_t count) {
    float products[lanes], total = 0;
    for (int64_t begin = 0; begin < count; begin += lanes * factors) {
        int64_t end = std::min(count, begin + lanes * factors), d = begin;
        std::fill(products, products + lanes, 1.0f);
        for (; d + lanes <= end; d += lanes)
            total += stretch(logits + d, x + d, gradient ? gradient + d : nullptr, products, lanes);
        total += stretch(logits + d, x + d, gradient ? gradient + d : nullptr, products, end - d);
        float logarithm = 0;
        for (int64_t i = 0; i < lanes; i++) logarithm += log_positive(products[i]);
        total -= logarithm;
    }
    return total;
}

CT_VECTORISED float row(const float *logits, const float *x, int64_t count) { return walk(logits, x, nullptr, count); }

CT_VECTORISED float row_and_gradient(const float *logits, const float *x, float *gradient, int64_t count) {
    return walk(logits, x, gradient, count);
}

CT_VECTORISED void scale(float *values, float factor, int64_t count) {
    for (int64_t d = 0; d < count; d++) values[d] *= factor;
}

/// Multiplies each row by its weight, in place.
void scale_rows(at::Tensor &rows, const at::Tensor &weights) {
    int64_t size = rows.size(-1);
    auto dense = weights.contiguous();
    const float *ws = data(dense);
    float *values = rows.mutable_data_ptr<float>();
    parallel(rows.numel() / size, 1 + 16384 / size, [=](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; r++) scale(values + r * size, ws[r], size);
    });
}

/// The plain form: any type, any broadcast, differentiable twice.
at::Tensor composed(const at::Tensor &logits, const at::Tensor &x) {
    return at::sum(at::sub(at::mul(logits, x), at::softplus(logits)), -1);
}

/// Whether `x`, repeated along the leading axes, covers `logits` exactly and both can be walked as rows.
bool fits(const at::Tensor &logits, const at::Tensor &x) {
    return is_plain(logits) && is_plain(x) && is_tail(x, logits);
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
        const float *ls = data(l), *xs = data(observed);
        float *values = value.mutable_data_ptr<float>();
        float *gradients = differentiable ? gradient.mutable_data_ptr<float>() : nullptr;
        parallel(rows, 1 + 16384 / size, [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) {
                auto *logits = ls + r * size, *x = xs + r % observedRows * size;
                values[r] = gradients ? row_and_gradient(logits, x, gradients + r * size, size) : row(logits, x, size);
            }
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
            if (at::GradMode::is_enabled()) {
                // A gradient that is differentiated again must know the logits: the plain form.
                toLogits = at::mul(at::sub(x, at::sigmoid(logits)), weight);
            } else if (keeps_graph()) {
                toLogits = at::mul(gradient, weight);
            } else {
                // The graph is walked for the last time, and what it kept is ours to overwrite.
                scale_rows(gradient, incoming[0]);
                toLogits = gradient;
            }
        }
        if (context->needs_input_grad(1)) toObserved = at::sum_to(at::mul(logits, weight), x.sizes());
        return {toLogits, toObserved, at::Tensor()};
    }
};

} // namespace

extern "C" CTTensor ct_bernoulli_log_probability(CTTensor logits, CTTensor x, long eventRank) noexcept {
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

} // namespace ct::bernoulli
