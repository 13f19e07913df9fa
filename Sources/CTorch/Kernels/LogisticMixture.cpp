// log P of images under a mixture of discretised logistics with coupled colours, value and gradient in one pass.
//
// Replaces dozens of ATen operations on [batch, components, channels, height, width], each of which goes through
// memory: for 64 images of 32×32 in colour and ten components, 8 MB at a time.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"
#include "Operands.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

namespace ct::logistic_mixture {

namespace {

#pragma clang fp contract(fast)

/// Pixels that are walked side by side.
constexpr int64_t width = 64;

/// How the numbers of a pixel lie: logits [k], locations, log-scales and, in colour, coefficients [k · channels].
struct Layout {
    int64_t components, channels;

    bool isCoupled() const { return channels == 3; }
    int64_t many() const { return components * channels; }
    int64_t locations() const { return components; }
    int64_t scales() const { return locations() + many(); }
    int64_t coefficients() const { return scales() + many(); }
    int64_t count() const { return coefficients() + (isCoupled() ? many() : 0); }
};

inline __attribute__((always_inline)) float softplus(float x) {
    return (x > 0 ? x : 0) + log1p_unit(exp_nonpositive(-__builtin_fabsf(x)));
}

inline __attribute__((always_inline)) float sigmoid(float x) {
    float e = exp_nonpositive(-__builtin_fabsf(x));
    return (x > 0 ? 1.0f : e) / (1.0f + e);
}

/// 1 − exp(−w) for w > 0: a series where the difference would lose digits.
inline __attribute__((always_inline)) float one_minus_exp(float w) {
    float p = -1.0f / 5040;
    p = p * w + 1.0f / 720;
    p = p * w - 1.0f / 120;
    p = p * w + 1.0f / 24;
    p = p * w - 1.0f / 6;
    p = p * w + 0.5f;
    float near = w - w * w * p;
    return w < 0.5f ? near : 1.0f - exp_nonpositive(-w);
}

/// Where location and log-scale are when the network says zero, and the least log-scale, softly: exp(−7) is a quarter
/// of a level.
constexpr float middleLocation = 0.5f, usualLogScale = -2.0f, leastLogScale = -7.0f;

/// One channel of one component: adds log P to `sum`, and writes the slopes of location and raw log-scale.
CT_VECTORISED void channel(const float *x, const float *location, const float *rawScale, float spacing,
                           float *__restrict sum, float *__restrict toLocation, float *__restrict toScale) {
    for (int64_t i = 0; i < width; i++) {
        float raw = rawScale[i] + usualLogScale - leastLogScale, inverse = exp_any(-(softplus(raw) + leastLogScale));
        float middle = (x[i] - middleLocation - location[i]) * inverse, half = inverse * (0.5f * spacing);
        float above = middle + half, below = middle - half;
        bool isLowest = x[i] < 0.5f * spacing, isHighest = x[i] > 1.0f - 0.5f * spacing;
        float mass = one_minus_exp(2.0f * half);
        float inside = isLowest || isHighest ? 0.0f : log_positive(mass);
        sum[i] += inside - (isHighest ? 0.0f : softplus(-above)) - (isLowest ? 0.0f : softplus(below));
        // Slopes of the three terms by above, below and half.
        float byAbove = isHighest ? 0.0f : sigmoid(-above), byBelow = isLowest ? 0.0f : -sigmoid(below);
        float byHalf = isLowest || isHighest ? 0.0f : 2.0f * (1.0f - mass) / mass;
        float byMiddle = byAbove + byBelow;
        toLocation[i] = -inverse * byMiddle;
        toScale[i] = -(middle * byMiddle + half * (byAbove - byBelow + byHalf)) * sigmoid(raw);
    }
}

CT_VECTORISED void shift(const float *location, const float *coefficient, const float *x, float *out) {
    for (int64_t i = 0; i < width; i++) out[i] = location[i] + tanh_any(coefficient[i]) * (x[i] - 0.5f);
}

CT_VECTORISED void shift_slope(const float *coefficient, const float *x, const float *toLocation, float *out) {
    for (int64_t i = 0; i < width; i++) {
        float t = tanh_any(coefficient[i]);
        out[i] = toLocation[i] * (x[i] - 0.5f) * (1.0f - t * t);
    }
}

/// log Σ exp over rows of `values`, with the highest taken out.
CT_VECTORISED void log_sum_exp(const float *values, int64_t rows, float *out) {
    float highest[width], sum[width];
    for (int64_t i = 0; i < width; i++) highest[i] = values[i];
    for (int64_t k = 1; k < rows; k++)
        for (int64_t i = 0; i < width; i++) highest[i] = std::max(highest[i], values[k * width + i]);
    for (int64_t i = 0; i < width; i++) sum[i] = 0;
    for (int64_t k = 0; k < rows; k++)
        for (int64_t i = 0; i < width; i++) sum[i] += exp_nonpositive(values[k * width + i] - highest[i]);
    for (int64_t i = 0; i < width; i++) out[i] = highest[i] + log_positive(sum[i]);
}

CT_VECTORISED void responsibilities(const float *values, const float *total, float *out) {
    for (int64_t i = 0; i < width; i++) out[i] = exp_nonpositive(values[i] - total[i]);
}

CT_VECTORISED void multiply(float *__restrict values, const float *weights) {
    for (int64_t i = 0; i < width; i++) values[i] *= weights[i];
}

/// Pixels beside one another: log P of each, and the slopes of all their numbers.
///
/// `p` and `slopes` are [layout.count(), width], `x` is [channels, width].
void tile(const Layout &layout, const float *p, const float *x, float spacing, float *value, float *slopes) {
    int64_t components = layout.components, channels = layout.channels;
    std::vector<float> joint(components * width);
    float shifted[width], total[width], prior[width], own[width];
    std::copy_n(p, components * width, joint.data());
    for (int64_t k = 0; k < components; k++) {
        for (int64_t c = 0; c < channels; c++) {
            int64_t place = (k * channels + c) * width;
            const float *location = p + layout.locations() * width + place;
            const float *coefficients = p + (layout.coefficients() + k * channels) * width;
            if (layout.isCoupled() && c == 1) {
                shift(location, coefficients, x, shifted);
                location = shifted;
            } else if (layout.isCoupled() && c == 2) {
                shift(location, coefficients + width, x, shifted);
                shift(shifted, coefficients + 2 * width, x + width, shifted);
                location = shifted;
            }
            float *toLocation = slopes + layout.locations() * width + place;
            channel(x + c * width, location, p + layout.scales() * width + place, spacing, joint.data() + k * width,
                    toLocation, slopes + layout.scales() * width + place);
            float *toCoefficients = slopes + (layout.coefficients() + k * channels) * width;
            if (layout.isCoupled() && c == 1) shift_slope(coefficients, x, toLocation, toCoefficients);
            if (layout.isCoupled() && c == 2) {
                shift_slope(coefficients + width, x, toLocation, toCoefficients + width);
                shift_slope(coefficients + 2 * width, x + width, toLocation, toCoefficients + 2 * width);
            }
        }
    }
    log_sum_exp(joint.data(), components, total);
    log_sum_exp(p, components, prior);
    for (int64_t i = 0; i < width; i++) value[i] = total[i] - prior[i];
    for (int64_t k = 0; k < components; k++) {
        responsibilities(joint.data() + k * width, total, own);
        float *toLogits = slopes + k * width;
        responsibilities(p + k * width, prior, toLogits);
        for (int64_t i = 0; i < width; i++) toLogits[i] = own[i] - toLogits[i];
        for (int64_t c = 0; c < channels; c++) {
            int64_t place = (k * channels + c) * width;
            multiply(slopes + layout.locations() * width + place, own);
            multiply(slopes + layout.scales() * width + place, own);
            if (layout.isCoupled()) multiply(slopes + layout.coefficients() * width + place, own);
        }
    }
}

/// `rows` numbers each of some pixels, from or to memory in which a pixel's numbers are `across` apart and pixels
/// `along`. What lies behind the last pixel repeats it, so that the arithmetic stays finite.
void gather(const float *source, int64_t across, int64_t along, int64_t rows, int64_t pixels, float *out) {
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < width; i++) out[r * width + i] = source[r * across + std::min(i, pixels - 1) * along];
}

void scatter(const float *values, int64_t across, int64_t along, int64_t rows, int64_t pixels, float weight,
             float *out) {
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < pixels; i++) out[r * across + i * along] = values[r * width + i] * weight;
}

struct LogisticMixture : torch::autograd::Function<LogisticMixture> {
    /// `parameters` [images, numbers, pixels] with any strides, `x` [some, channels, pixels], repeated over images.
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &parameters,
                              const at::Tensor &x, int64_t components, double spacing) {
        at::AutoDispatchBelowADInplaceOrView below;
        context->save_for_backward({parameters, x});
        context->saved_data["components"] = components;
        context->saved_data["spacing"] = spacing;
        return walked(parameters, x, components, spacing, at::Tensor());
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "the mixture of logistics has no second derivative");
        auto saved = context->get_saved_variables();
        auto weights = incoming[0].contiguous();
        auto slopes = at::empty_like(saved[0]);
        walked(saved[0], saved[1], context->saved_data["components"].toInt(),
               context->saved_data["spacing"].toDouble(), weights, &slopes);
        return {slopes, at::Tensor(), at::Tensor(), at::Tensor()};
    }

    /// log P of each image, or, with `slopes`, the weighted slopes of the parameters.
    ///
    /// The arithmetic is done again for the slopes, which are as large as the parameters, rather than kept for later.
    static at::Tensor walked(const at::Tensor &parameters, const at::Tensor &x, int64_t components, double spacing,
                             const at::Tensor &weights, at::Tensor *slopes = nullptr) {
        int64_t images = parameters.size(0), pixels = parameters.size(2), own = x.size(0);
        Layout layout{components, x.size(1)};
        auto tiles = (pixels + width - 1) / width;
        auto value = at::empty({images}, parameters.options());
        const float *ps = data(parameters), *xs = data(x);
        float *values = value.mutable_data_ptr<float>();
        float *out = slopes ? slopes->mutable_data_ptr<float>() : nullptr;
        const float *ws = slopes ? data(weights) : nullptr;
        auto p = parameters.strides(), q = x.strides(), s = slopes ? slopes->strides() : p;
        parallel(images, 1, [&](int64_t begin, int64_t end) {
            std::vector<float> numbers(layout.count() * width), changes(layout.count() * width);
            std::vector<float> observed(layout.channels * width), logs(width);
            for (int64_t image = begin; image < end; image++) {
                double total = 0;
                for (int64_t t = 0; t < tiles; t++) {
                    int64_t first = t * width, count = std::min(width, pixels - first);
                    gather(ps + image * p[0] + first * p[2], p[1], p[2], layout.count(), count, numbers.data());
                    gather(xs + image % own * q[0] + first * q[2], q[1], q[2], layout.channels, count,
                           observed.data());
                    tile(layout, numbers.data(), observed.data(), static_cast<float>(spacing), logs.data(),
                         changes.data());
                    for (int64_t i = 0; i < count; i++) total += logs[i];
                    if (out)
                        scatter(changes.data(), s[1], s[2], layout.count(), count, ws[image],
                                out + image * s[0] + first * s[2]);
                }
                values[image] = static_cast<float>(total);
            }
        });
        return value;
    }
};

} // namespace

extern "C" CTTensor ct_logistic_mixture_log_probability(CTTensor parameters, CTTensor x, long components,
                                                        double spacing) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto &p = ref(parameters), &observed = ref(x);
        Layout layout{components, observed.dim() == 3 ? observed.size(1) : 0};
        TORCH_CHECK(p.dim() == 3 && observed.dim() == 3 && is_plain(p) && is_plain(observed) &&
                        p.size(2) == observed.size(2) && p.size(0) % observed.size(0) == 0 &&
                        p.size(1) == layout.count(),
                    "parameters [images, numbers, pixels] and images [some, channels, pixels] in float32 on the CPU");
        return make(LogisticMixture::apply(p, observed, components, spacing));
    });
}

} // namespace ct::logistic_mixture
