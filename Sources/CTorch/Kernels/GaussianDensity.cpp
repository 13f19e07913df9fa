// log N(x | μ, σ²) summed over the last axis, and its slopes.
//
// Replaces some ten ATen operations forward and twenty backward on tensors too small to be worth their dispatch:
// an importance-weighted step takes two densities of its draws.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"
#include "Operands.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <functional>

namespace ct::gaussian_density {

namespace {

#pragma clang fp reassociate(on) contract(fast)

constexpr int64_t grain = 8192;
constexpr double logTwoPi = 1.8378770664093453;

CT_VECTORISED float row(const float *x, const float *m, const float *v, int64_t count) {
    float total = 0;
    for (int64_t d = 0; d < count; d++) {
        float distance = x[d] - m[d];
        total += v[d] + distance * distance * exp_any(-v[d]);
    }
    return -0.5f * (total + static_cast<float>(logTwoPi) * static_cast<float>(count));
}

/// The slopes of x (negated, those of μ) and of log σ².
CT_VECTORISED void slopes(const float *x, const float *m, const float *v, float g, float *__restrict toX,
                          float *__restrict toLogVariance, int64_t count) {
    for (int64_t d = 0; d < count; d++) {
        float distance = x[d] - m[d], scaled = distance * exp_any(-v[d]);
        toX[d] = -g * scaled;
        toLogVariance[d] = 0.5f * g * (distance * scaled - 1.0f);
    }
}

at::Tensor composed(const at::Tensor &x, const at::Tensor &m, const at::Tensor &v) {
    return at::sum((x - m).square() * (-v).exp() + v + logTwoPi, -1) * -0.5;
}

/// The rows of three tensors, of which each repeats along leading axes to cover the largest.
struct Rows {
    at::Tensor dense[3];
    const float *start[3];
    int64_t size, count = 0, own[3];

    Rows(const at::Tensor &x, const at::Tensor &m, const at::Tensor &v)
        : dense{x.contiguous(), m.contiguous(), v.contiguous()}, size(x.size(-1)) {
        for (int i = 0; i < 3; i++) {
            start[i] = data(dense[i]);
            count = std::max(count, own[i] = dense[i].numel() / size);
        }
    }

    const float *operator()(int operand, int64_t r) const { return start[operand] + r % own[operand] * size; }
};

const at::Tensor &largest(const at::Tensor &x, const at::Tensor &m, const at::Tensor &v) {
    return std::max({std::cref(x), std::cref(m), std::cref(v)},
                    [](const at::Tensor &a, const at::Tensor &b) { return a.dim() < b.dim(); });
}

struct Density : torch::autograd::Function<Density> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &m,
                              const at::Tensor &v) {
        at::AutoDispatchBelowADInplaceOrView below;
        Rows rows(x, m, v);
        auto shape = largest(x, m, v).sizes();
        auto value = at::empty(shape.slice(0, shape.size() - 1), x.options());
        float *values = value.mutable_data_ptr<float>();
        parallel(rows.count, 1 + grain / rows.size, [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) values[r] = row(rows(0, r), rows(1, r), rows(2, r), rows.size);
        });
        context->save_for_backward({x, m, v});
        return value;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &m = saved[1], &v = saved[2];
        at::Tensor toX, toLogVariance;
        if (at::GradMode::is_enabled()) {
            // Differentiated again: operations that record.
            auto g = incoming[0].unsqueeze(-1), scaled = (x - m) * (-v).exp();
            toX = -g * scaled;
            toLogVariance = g * ((x - m) * scaled - 1) * 0.5;
        } else {
            Rows rows(x, m, v);
            auto dense = incoming[0].contiguous();
            toX = at::empty(largest(x, m, v).sizes(), x.options());
            toLogVariance = at::empty_like(toX);
            const float *gs = data(dense);
            float *xs = toX.mutable_data_ptr<float>(), *vs = toLogVariance.mutable_data_ptr<float>();
            parallel(rows.count, 1 + grain / rows.size, [&](int64_t begin, int64_t end) {
                for (int64_t r = begin; r < end; r++)
                    slopes(rows(0, r), rows(1, r), rows(2, r), gs[r], xs + r * rows.size, vs + r * rows.size,
                           rows.size);
            });
        }
        auto to = [&](int operand, const at::Tensor &slope, const at::Tensor &input) {
            return context->needs_input_grad(operand) ? folded(slope, input) : at::Tensor();
        };
        auto toMean = to(1, toX, m);
        return {to(0, toX, x), toMean.defined() ? -toMean : toMean, to(2, toLogVariance, v)};
    }
};

} // namespace

extern "C" CTTensor ct_gaussian_log_probability(CTTensor x, CTTensor mean, CTTensor logVariance) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto &a = ref(x), &m = ref(mean), &v = ref(logVariance);
        auto &whole = largest(a, m, v);
        bool fits = is_plain(a) && is_plain(m) && is_plain(v) && is_tail(a, whole) && is_tail(m, whole) &&
                    is_tail(v, whole);
        return make(fits ? Density::apply(a, m, v) : composed(a, m, v));
    });
}

} // namespace ct::gaussian_density
