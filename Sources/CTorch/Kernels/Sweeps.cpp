// Sweeps over all parameters of a model at once, in one parallel region.
//
// The norm replaces at::linalg_vector_norm for each tensor (0.8 ms of a 6.6 ms step of a 784-400-20 VAE, most of it
// dispatch), the Adam step replaces at::_fused_adam_, which opens a parallel region for each tensor.
#include "../Guard.h"
#include "Kernel.h"

#include <ATen/Functions.h>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace ct::sweeps {

namespace {

#pragma clang fp reassociate(on) contract(fast)

constexpr int64_t chunk = 16384;

/// A stretch of one tensor, which lies at `place` in all tensors laid end to end.
struct Piece {
    int64_t tensor, begin, end, place;
};

bool is_plain(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat && x.is_contiguous(); }

bool are_plain(const std::vector<at::Tensor> &xs) { return std::all_of(xs.begin(), xs.end(), is_plain); }

std::vector<Piece> pieces(const std::vector<at::Tensor> &xs) {
    std::vector<Piece> all;
    int64_t place = 0;
    for (size_t t = 0; t < xs.size(); t++)
        for (int64_t begin = 0, count = xs[t].numel(); begin < count; begin += chunk) {
            int64_t end = std::min(begin + chunk, count);
            all.push_back({static_cast<int64_t>(t), begin, end, place});
            place += end - begin;
        }
    return all;
}

/// Does something with the number of each piece, on all threads: each has as many elements, not as many pieces, since
/// most tensors of a flow's networks are small.
template <typename Body> void over_pieces(const std::vector<Piece> &all, Body body) {
    if (all.empty()) return;
    int64_t total = all.back().place + all.back().end - all.back().begin;
    parallel(total, 2 * chunk, [&](int64_t begin, int64_t end) {
        auto first = std::partition_point(all.begin(), all.end(), [=](auto &piece) { return piece.place < begin; });
        for (auto piece = first; piece != all.end() && piece->place < end; ++piece) body(piece - all.begin());
    });
}

/// Σ x², in float32 over short stretches and in float64 over these: a sum of millions of float32 squares loses digits.
CT_VECTORISED double square_sum(const float *x, int64_t count) {
    constexpr int64_t stretch = 512;
    double total = 0;
    for (int64_t begin = 0; begin < count; begin += stretch) {
        float part = 0;
        int64_t end = begin + stretch < count ? begin + stretch : count;
        for (int64_t i = begin; i < end; i++) part += x[i] * x[i];
        total += part;
    }
    return total;
}

/// The constants of a step; 1 − β is taken in float64, where it keeps its digits.
struct AdamRule {
    float beta2, rest1, rest2, rate, rootCorrection, epsilon, decay, shrink;
};

CT_VECTORISED void adam(float *__restrict x, const float *__restrict g, float *__restrict m, float *__restrict v,
                        int64_t count, const AdamRule rule) {
    for (int64_t i = 0; i < count; i++) {
        float value = x[i] * rule.shrink, slope = g[i] + rule.decay * value;
        float first = m[i] + rule.rest1 * (slope - m[i]);
        float second = rule.beta2 * v[i] + rule.rest2 * slope * slope;
        m[i] = first;
        v[i] = second;
        x[i] = value - rule.rate * first / (__builtin_elementwise_sqrt(second) * rule.rootCorrection + rule.epsilon);
    }
}

} // namespace

extern "C" CTTensor ct_global_norm(const CTTensor *xs, long count) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto tensors = list(xs, count);
        if (!are_plain(tensors)) {
            auto total = at::zeros({}, at::kDouble);
            for (auto &x : tensors) total += at::linalg_vector_norm(x, 2).to(at::kDouble).square();
            return make(total.sqrt());
        }
        auto all = pieces(tensors);
        // Added in the order of the pieces, whatever the threads.
        std::vector<double> sums(all.size());
        over_pieces(all, [&](int64_t p) {
            auto *x = static_cast<const float *>(tensors[all[p].tensor].const_data_ptr());
            sums[p] = square_sum(x + all[p].begin, all[p].end - all[p].begin);
        });
        return make(at::scalar_tensor(std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0)), at::kDouble));
    });
}

extern "C" bool ct_fused_adam(const CTTensor *parameters, const CTTensor *gradients, const CTTensor *first,
                              const CTTensor *second, long count, long step, double rate, double beta1, double beta2,
                              double weightDecay, double epsilon, bool decoupled) noexcept {
    return guarded<bool>(false, [&] {
        at::NoGradGuard guard;
        auto xs = list(parameters, count), gs = list(gradients, count), ms = list(first, count),
             vs = list(second, count);
        if (!(are_plain(xs) && are_plain(gs) && are_plain(ms) && are_plain(vs))) {
            std::vector<at::Tensor> steps(count, at::scalar_tensor(static_cast<double>(step), at::kFloat));
            auto update = decoupled
                              ? static_cast<decltype(&at::_ops::_fused_adam_::call)>(at::_ops::_fused_adamw_::call)
                              : at::_ops::_fused_adam_::call;
            update(xs, gs, ms, vs, {}, steps, rate, beta1, beta2, weightDecay, epsilon, /*amsgrad=*/false,
                   /*maximize=*/false, {}, {});
            return true;
        }
        AdamRule rule{
            .beta2 = static_cast<float>(beta2),
            .rest1 = static_cast<float>(1 - beta1),
            .rest2 = static_cast<float>(1 - beta2),
            .rate = static_cast<float>(rate / (1 - std::pow(beta1, step))),
            .rootCorrection = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, step))),
            .epsilon = static_cast<float>(epsilon),
            .decay = static_cast<float>(decoupled ? 0 : weightDecay),
            .shrink = static_cast<float>(decoupled ? 1 - rate * weightDecay : 1),
        };
        auto all = pieces(xs);
        over_pieces(all, [&](int64_t p) {
            auto [t, from, to, _] = all[p];
            adam(xs[t].mutable_data_ptr<float>() + from, static_cast<const float *>(gs[t].const_data_ptr()) + from,
                 ms[t].mutable_data_ptr<float>() + from, vs[t].mutable_data_ptr<float>() + from, to - from, rule);
        });
        return true;
    });
}

} // namespace ct::sweeps
