// What a step of expectation maximisation asks of a mixture of Gaussians with diagonal covariances, in one pass over
// the rows: their log-likelihood, and for each component Σ r, Σ r (x − μ) and Σ r (x − μ)².
//
// Replaces the responsibilities [rows, components], which go through memory a dozen times over. Sums about the means
// as they are keep the digits that Σ r x² − N μ² would lose.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"

#include <ATen/Functions.h>
#include <algorithm>
#include <cmath>
#include <vector>

namespace ct::mixture_statistics {

namespace {

#pragma clang fp reassociate(on) contract(fast)

template <typename T>
struct Register {
    static constexpr int width = 64 / sizeof(T);
    typedef T Lanes __attribute__((vector_size(64), aligned(alignof(T))));
};

constexpr int tileRows = 4;
/// So many rows are summed in the rows' own type before float64 takes over.
constexpr int64_t stretch = 256;

template <typename T>
struct Components {
    int64_t size, padded;
    /// [size, padded] and [padded]: μ, 1 / σ², and log w − ½ Σ log 2πσ².
    std::vector<T> means, precisions, constants;
};

/// Sums of a stretch, [padded] and [size, padded].
template <typename T>
struct Sums {
    std::vector<T> counts, first, second;

    explicit Sums(const Components<T> &c) : counts(c.padded), first(c.size * c.padded), second(c.size * c.padded) {}
};

/// log w_k N(x | k) of four rows.
template <typename T>
inline __attribute__((always_inline)) void tile_joint(const T *const *rows, const Components<T> &c, T *out) {
    using Lanes = typename Register<T>::Lanes;
    for (int64_t k = 0; k < c.padded; k += Register<T>::width) {
        Lanes sums[tileRows] = {};
        for (int64_t d = 0; d < c.size; d++) {
            Lanes mean = *reinterpret_cast<const Lanes *>(c.means.data() + d * c.padded + k);
            Lanes precision = *reinterpret_cast<const Lanes *>(c.precisions.data() + d * c.padded + k);
            for (int r = 0; r < tileRows; r++) {
                Lanes gap = rows[r][d] - mean;
                sums[r] += gap * gap * precision;
            }
        }
        Lanes constant = *reinterpret_cast<const Lanes *>(c.constants.data() + k);
        for (int r = 0; r < tileRows; r++)
            *reinterpret_cast<Lanes *>(out + r * c.padded + k) = constant - T(0.5) * sums[r];
    }
}

/// Joint densities of a row become responsibilities times `weight`; returns log p(x) cut in two: the greatest of the
/// joints, and the sum of the others by it, whose logarithm the caller takes.
template <typename T>
inline __attribute__((always_inline)) void normalise(T *joint, int64_t count, T weight, double &highest, double &rest) {
    using Lanes = typename Register<T>::Lanes;
    Lanes most = *reinterpret_cast<const Lanes *>(joint);
    for (int64_t k = Register<T>::width; k < count; k += Register<T>::width) {
        Lanes next = *reinterpret_cast<const Lanes *>(joint + k);
        most = next > most ? next : most;
    }
    T top = most[0], sum = 0;
    for (int j = 1; j < Register<T>::width; j++) top = most[j] > top ? most[j] : top;
    for (int64_t k = 0; k < count; k++) {
        joint[k] = exp_nonpositive(joint[k] - top);
        sum += joint[k];
    }
    T scale = weight / sum;
    for (int64_t k = 0; k < count; k++) joint[k] *= scale;
    highest = static_cast<double>(top);
    rest = static_cast<double>(sum);
}

/// What four rows add to the sums.
template <typename T>
inline __attribute__((always_inline)) void tile_sums(const T *const *rows, const T *weights, const Components<T> &c,
                                                     Sums<T> &sums) {
    using Lanes = typename Register<T>::Lanes;
    for (int64_t k = 0; k < c.padded; k += Register<T>::width) {
        Lanes shares[tileRows], &counts = *reinterpret_cast<Lanes *>(sums.counts.data() + k);
        for (int r = 0; r < tileRows; r++) {
            shares[r] = *reinterpret_cast<const Lanes *>(weights + r * c.padded + k);
            counts += shares[r];
        }
        for (int64_t d = 0; d < c.size; d++) {
            Lanes mean = *reinterpret_cast<const Lanes *>(c.means.data() + d * c.padded + k), first = {}, second = {};
            for (int r = 0; r < tileRows; r++) {
                Lanes gap = rows[r][d] - mean, pull = shares[r] * gap;
                first += pull;
                second += pull * gap;
            }
            *reinterpret_cast<Lanes *>(sums.first.data() + d * c.padded + k) += first;
            *reinterpret_cast<Lanes *>(sums.second.data() + d * c.padded + k) += second;
        }
    }
}

/// Σ log p(x) of the rows, whose sums are added to `sums`; `joint` is room for [4, padded].
template <typename T>
inline __attribute__((always_inline)) double stretch_sums(const T *x, int64_t count, const Components<T> &c, T *joint,
                                                          Sums<T> &sums) {
    double total = 0, product = 1;
    for (int64_t i = 0; i < count; i += tileRows) {
        const T *rows[tileRows];
        for (int r = 0; r < tileRows; r++) rows[r] = x + std::min(i + r, count - 1) * c.size;
        tile_joint(rows, c, joint);
        for (int r = 0; r < tileRows; r++) {
            // The last tile may repeat its last row, which then weighs nothing.
            bool counts = i + r < count;
            double highest, rest;
            normalise(joint + r * c.padded, c.padded, T(counts), highest, rest);
            total += counts ? highest : 0;
            product *= counts ? rest : 1;
        }
        tile_sums(rows, joint, c, sums);
        // One logarithm for several rows: each factor is between 1 and the number of components.
        if (i % (4 * tileRows) == 0) {
            total += std::log(product);
            product = 1;
        }
    }
    return total + std::log(product);
}

CT_VECTORISED double statistics(const float *x, int64_t count, const Components<float> &c, float *joint,
                                Sums<float> &sums) {
    return stretch_sums(x, count, c, joint, sums);
}

CT_VECTORISED double statistics(const double *x, int64_t count, const Components<double> &c, double *joint,
                                Sums<double> &sums) {
    return stretch_sums(x, count, c, joint, sums);
}

/// What a block of rows adds.
struct Part {
    std::vector<double> counts, first, second;
    double total = 0;
};

template <typename T>
Components<T> components(const at::Tensor &logWeights, const at::Tensor &mean, const at::Tensor &variance) {
    int64_t count = mean.size(0), size = mean.size(1), width = Register<T>::width;
    int64_t padded = (count + width - 1) / width * width;
    // Those that only fill a register up are infinitely unlikely.
    Components<T> c{size, padded, std::vector<T>(size * padded), std::vector<T>(size * padded),
                    std::vector<T>(padded, T(-1e30))};
    auto *ms = static_cast<const double *>(mean.const_data_ptr()), *vs = static_cast<const double *>(variance.const_data_ptr()),
         *ws = static_cast<const double *>(logWeights.const_data_ptr());
    for (int64_t k = 0; k < count; k++) {
        double constant = ws[k];
        for (int64_t d = 0; d < size; d++) {
            c.means[d * padded + k] = static_cast<T>(ms[k * size + d]);
            c.precisions[d * padded + k] = static_cast<T>(1 / vs[k * size + d]);
            constant -= 0.5 * (1.8378770664093453 + std::log(vs[k * size + d]));
        }
        c.constants[k] = static_cast<T>(constant);
    }
    return c;
}

template <typename T>
double gather(const at::Tensor &x, const Components<T> &c, at::Tensor &counts, at::Tensor &first, at::Tensor &second) {
    int64_t rows = x.size(0), count = counts.size(0), cells = c.size * c.padded;
    const T *xs = static_cast<const T *>(x.const_data_ptr());
    // The blocks depend on the shapes alone and their sums are added in order: threads do not change the result.
    int64_t most = std::max<int64_t>(1, (1 << 22) / cells);
    int64_t blocks = std::clamp<int64_t>(rows / 1024, 1, std::min<int64_t>(64, most)), height = (rows + blocks - 1) / blocks;
    std::vector<Part> parts(blocks);
    parallel(blocks, 1, [&](int64_t begin, int64_t end) {
        std::vector<T> joint(tileRows * c.padded);
        for (int64_t b = begin; b < end; b++) {
            Part &part = parts[b];
            part.counts.assign(c.padded, 0);
            part.first.assign(cells, 0);
            part.second.assign(cells, 0);
            int64_t last = std::min((b + 1) * height, rows);
            for (int64_t i = b * height; i < last; i += stretch) {
                Sums<T> sums(c);
                part.total += statistics(xs + i * c.size, std::min(stretch, last - i), c, joint.data(), sums);
                for (int64_t k = 0; k < c.padded; k++) part.counts[k] += sums.counts[k];
                for (int64_t j = 0; j < cells; j++) part.first[j] += sums.first[j];
                for (int64_t j = 0; j < cells; j++) part.second[j] += sums.second[j];
            }
        }
    });
    auto *ns = counts.mutable_data_ptr<double>(), *fs = first.mutable_data_ptr<double>(), *ss = second.mutable_data_ptr<double>();
    double total = 0;
    for (auto &part : parts) {
        total += part.total;
        for (int64_t k = 0; k < count; k++) {
            ns[k] += part.counts[k];
            for (int64_t d = 0; d < c.size; d++) {
                fs[k * c.size + d] += part.first[d * c.padded + k];
                ss[k * c.size + d] += part.second[d * c.padded + k];
            }
        }
    }
    return total;
}

} // namespace

extern "C" bool ct_mixture_statistics(CTTensor x, CTTensor logWeights, CTTensor mean, CTTensor variance,
                                      CTTensor *counts, CTTensor *first, CTTensor *second, double *total) noexcept {
    return guarded<bool>(false, [&] {
        auto rows = ref(x).contiguous(), w = ref(logWeights).contiguous(), m = ref(mean).contiguous(),
             v = ref(variance).contiguous();
        auto type = rows.scalar_type();
        TORCH_CHECK(rows.is_cpu() && (type == at::kFloat || type == at::kDouble) && w.scalar_type() == at::kDouble &&
                        m.scalar_type() == at::kDouble && v.scalar_type() == at::kDouble,
                    "rows are float32 or float64, components float64");
        TORCH_CHECK(rows.dim() == 2 && rows.numel() > 0 && m.dim() == 2 && m.size(1) == rows.size(1) &&
                        v.sizes() == m.sizes() && w.dim() == 1 && w.size(0) == m.size(0) && m.size(0) > 0,
                    "rows [n, size], weights [components] and components [components, size]");
        auto n = at::zeros({m.size(0)}, m.options()), f = at::zeros(m.sizes(), m.options()),
             s = at::zeros(m.sizes(), m.options());
        *total = type == at::kFloat ? gather<float>(rows, components<float>(w, m, v), n, f, s)
                                    : gather<double>(rows, components<double>(w, m, v), n, f, s);
        *counts = make(n);
        *first = make(f);
        *second = make(s);
        return true;
    });
}

} // namespace ct::mixture_statistics
