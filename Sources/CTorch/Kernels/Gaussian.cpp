// What a diagonal Gaussian needs in each training step, each with its gradient in one pass: a reparameterised
// draw, the divergence to another Gaussian, and its parameters with a guard around the log-variance.
//
// Composed of ATen operations these are some twenty small tensors forward and forty backward, whose dispatch took
// longer than their arithmetic: a tenth of a step of a fully connected VAE.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"
#include "Operands.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace ct::gaussian {

namespace {

#pragma clang fp contract(fast)

constexpr int64_t grain = 8192;

// MARK: z = μ + exp(½ log σ²) ε

CT_VECTORISED void draw(const float *mean, const float *logVariance, const float *noise, float *z, int64_t count) {
    for (int64_t i = 0; i < count; i++) z[i] = mean[i] + exp_any(0.5f * logVariance[i]) * noise[i];
}

/// The slope of log σ²: Σ over draws of ½ σ ε g.
CT_VECTORISED void draw_slope(const float *logVariance, const float *noise, const float *g, float *slope,
                              int64_t count, int64_t repeats, int64_t stride) {
    for (int64_t i = 0; i < count; i++) slope[i] = 0;
    for (int64_t r = 0; r < repeats; r++)
        for (int64_t i = 0; i < count; i++) slope[i] += noise[r * stride + i] * g[r * stride + i];
    for (int64_t i = 0; i < count; i++) slope[i] *= 0.5f * exp_any(0.5f * logVariance[i]);
}

struct Draw : torch::autograd::Function<Draw> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &mean,
                              const at::Tensor &logVariance, const at::Tensor &noise) {
        at::AutoDispatchBelowADInplaceOrView below;
        auto m = mean.contiguous(), v = logVariance.contiguous(), e = noise.contiguous();
        auto z = at::empty(e.sizes(), e.options());
        int64_t size = m.numel(), repeats = e.numel() / size;
        const float *ms = data(m), *vs = data(v), *es = data(e);
        float *zs = z.mutable_data_ptr<float>();
        parallel(size, 1 + grain / repeats, [=](int64_t begin, int64_t end) {
            for (int64_t r = 0; r < repeats; r++) {
                auto at = r * size + begin;
                draw(ms + begin, vs + begin, es + at, zs + at, end - begin);
            }
        });
        context->save_for_backward({mean, logVariance, noise});
        return z;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        auto saved = context->get_saved_variables();
        auto &mean = saved[0], &logVariance = saved[1], &noise = saved[2];
        auto g = incoming[0];
        at::Tensor toMean, toLogVariance;
        if (context->needs_input_grad(0)) toMean = folded(g, mean);
        if (context->needs_input_grad(1)) {
            if (at::GradMode::is_enabled()) {
                // Differentiated again: operations that record.
                toLogVariance = folded(g * noise, logVariance) * (logVariance * 0.5).exp() * 0.5;
            } else {
                auto v = logVariance.contiguous(), e = noise.contiguous(), dense = g.contiguous();
                toLogVariance = at::empty(v.sizes(), v.options());
                int64_t size = v.numel(), repeats = e.numel() / size;
                const float *vs = data(v), *es = data(e), *gs = data(dense);
                float *slopes = toLogVariance.mutable_data_ptr<float>();
                parallel(size, 1 + grain / repeats, [=](int64_t begin, int64_t end) {
                    draw_slope(vs + begin, es + begin, gs + begin, slopes + begin, end - begin, repeats, size);
                });
            }
        }
        return {toMean, toLogVariance, at::Tensor()};
    }
};

// MARK: ½ [exp(v − w) + (m − n)² exp(−w) − 1 − (v − w)] for N(m, exp v) from N(n, exp w)

CT_VECTORISED void divergence(const float *m, const float *v, const float *n, const float *w, float *out,
                              int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        float ratio = v[i] - w[i], distance = m[i] - n[i];
        out[i] = 0.5f * (exp_any(ratio) - 1.0f - ratio + distance * distance * exp_any(-w[i]));
    }
}

CT_VECTORISED void divergence_slope(const float *m, const float *v, const float *n, const float *w, const float *g,
                                    float *toMean, float *toLogVariance, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        toMean[i] = g[i] * (m[i] - n[i]) * exp_any(-w[i]);
        toLogVariance[i] = g[i] * 0.5f * (exp_any(v[i] - w[i]) - 1.0f);
    }
}

at::Tensor composed_divergence(const at::Tensor &m, const at::Tensor &v, const at::Tensor &n, const at::Tensor &w) {
    auto ratio = v - w;
    return (ratio.exp() - 1 - ratio + (m - n).square() * (-w).exp()) * 0.5;
}

struct Divergence : torch::autograd::Function<Divergence> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &mean,
                              const at::Tensor &logVariance, const at::Tensor &priorMean,
                              const at::Tensor &priorLogVariance) {
        at::AutoDispatchBelowADInplaceOrView below;
        auto m = mean.contiguous(), v = logVariance.contiguous();
        auto n = priorMean.contiguous(), w = priorLogVariance.contiguous();
        auto out = at::empty(m.sizes(), m.options());
        int64_t size = n.numel();
        const float *ms = data(m), *vs = data(v), *ns = data(n), *ws = data(w);
        float *outs = out.mutable_data_ptr<float>();
        parallel(m.numel() / size, 1 + grain / size, [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++)
                divergence(ms + r * size, vs + r * size, ns, ws, outs + r * size, size);
        });
        context->save_for_backward({mean, logVariance, priorMean, priorLogVariance});
        return out;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        auto saved = context->get_saved_variables();
        auto &mean = saved[0], &logVariance = saved[1], &priorMean = saved[2], &priorLogVariance = saved[3];
        auto g = incoming[0];
        if (at::GradMode::is_enabled()) {
            auto toMean = g * (mean - priorMean) * (-priorLogVariance).exp();
            auto toLogVariance = g * ((logVariance - priorLogVariance).exp() - 1) * 0.5;
            return {toMean, toLogVariance, at::Tensor(), at::Tensor()};
        }
        auto m = mean.contiguous(), v = logVariance.contiguous();
        auto n = priorMean.contiguous(), w = priorLogVariance.contiguous(), dense = g.contiguous();
        auto toMean = at::empty(m.sizes(), m.options()), toLogVariance = at::empty(m.sizes(), m.options());
        int64_t size = n.numel();
        const float *ms = data(m), *vs = data(v), *ns = data(n), *ws = data(w), *gs = data(dense);
        float *means = toMean.mutable_data_ptr<float>(), *slopes = toLogVariance.mutable_data_ptr<float>();
        parallel(m.numel() / size, 1 + grain / size, [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) {
                auto at = r * size;
                divergence_slope(ms + at, vs + at, ns, ws, gs + at, means + at, slopes + at, size);
            }
        });
        return {toMean, toLogVariance, at::Tensor(), at::Tensor()};
    }
};

// MARK: Mean and guarded log-variance from the two halves of a vector

/// x within ±limit, ±(limit + log(1 + excess)) beyond.
CT_VECTORISED void soft_clamp(const float *x, float limit, float *out, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        float excess = __builtin_fabsf(x[i]) - limit;
        float beyond = limit + log_positive(1.0f + (excess > 0 ? excess : 0));
        // Infinity passes, so that divergence shows; the series would make a number of it.
        bool isBeyond = excess > 0 && excess < __builtin_inff();
        out[i] = isBeyond ? __builtin_copysignf(beyond, x[i]) : x[i];
    }
}

CT_VECTORISED void soft_clamp_slope(const float *x, float limit, const float *g, float *out, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        float excess = __builtin_fabsf(x[i]) - limit;
        out[i] = excess > 0 ? g[i] / (1.0f + excess) : g[i];
    }
}

/// Both halves come out contiguous: the kernels above would copy views of them again and again.
struct Parameters : torch::autograd::Function<Parameters> {
    static torch::autograd::tensor_list forward(torch::autograd::AutogradContext *context, const at::Tensor &x,
                                                double limit) {
        at::AutoDispatchBelowADInplaceOrView below;
        context->saved_data["limit"] = limit;
        context->save_for_backward({x});
        int64_t size = x.size(-1) / 2;
        auto mean = x.narrow(-1, 0, size).clone(at::MemoryFormat::Contiguous), v = x.narrow(-1, size, size);
        if (!is_plain(x)) {
            auto excess = (v.abs() - limit).clamp_min(0);
            return {mean, v.clamp(-limit, limit) + v.sign() * excess.log1p()};
        }
        auto dense = x.contiguous();
        auto out = at::empty(mean.sizes(), mean.options());
        const float *xs = data(dense);
        float *outs = out.mutable_data_ptr<float>();
        parallel(mean.numel() / size, 1 + grain / size, [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++)
                soft_clamp(xs + (2 * r + 1) * size, static_cast<float>(limit), outs + r * size, size);
        });
        return {mean, out};
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        auto x = context->get_saved_variables()[0];
        auto limit = context->saved_data["limit"].toDouble();
        int64_t size = x.size(-1) / 2;
        if (at::GradMode::is_enabled() || !is_plain(x)) {
            auto v = x.narrow(-1, size, size);
            return {at::cat({incoming[0], incoming[1] / ((v.abs() - limit).clamp_min(0) + 1)}, -1), at::Tensor()};
        }
        auto dense = x.contiguous(), toMean = incoming[0].contiguous(), toLogVariance = incoming[1].contiguous();
        auto out = at::empty(dense.sizes(), dense.options());
        const float *xs = data(dense), *ms = data(toMean), *vs = data(toLogVariance);
        float *outs = out.mutable_data_ptr<float>();
        parallel(toMean.numel() / size, 1 + grain / size, [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) {
                std::copy_n(ms + r * size, size, outs + 2 * r * size);
                auto at = (2 * r + 1) * size;
                soft_clamp_slope(xs + at, static_cast<float>(limit), vs + r * size, outs + at, size);
            }
        });
        return {out, at::Tensor()};
    }
};

} // namespace

extern "C" bool ct_gaussian_parameters(CTTensor x, double limit, CTTensor *mean, CTTensor *logVariance) noexcept {
    return guarded<bool>(false, [&] {
        TORCH_CHECK(ref(x).dim() > 0 && ref(x).size(-1) % 2 == 0, "the last axis must have two equal halves");
        auto halves = Parameters::apply(ref(x), limit);
        *mean = make(halves[0]);
        *logVariance = make(halves[1]);
        return true;
    });
}

extern "C" CTTensor ct_gaussian_draw(CTTensor mean, CTTensor logVariance, CTTensor noise) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto &m = ref(mean), &v = ref(logVariance), &e = ref(noise);
        bool fits = is_plain(m) && is_plain(v) && is_plain(e) && m.sizes() == v.sizes() && is_tail(m, e);
        if (!fits || e.requires_grad()) return make(m + (v * 0.5).exp() * e);
        return make(Draw::apply(m, v, e));
    });
}

extern "C" CTTensor ct_gaussian_divergence(CTTensor mean, CTTensor logVariance, CTTensor priorMean,
                                           CTTensor priorLogVariance) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto &m = ref(mean), &v = ref(logVariance), &n = ref(priorMean), &w = ref(priorLogVariance);
        bool fits = is_plain(m) && is_plain(v) && is_plain(n) && is_plain(w) && m.sizes() == v.sizes() &&
                    n.sizes() == w.sizes() && is_tail(n, m);
        // The slopes of a learned prior are left to the composition.
        if (!fits || n.requires_grad() || w.requires_grad()) return make(composed_divergence(m, v, n, w));
        return make(Divergence::apply(m, v, n, w));
    });
}

} // namespace ct::gaussian
