// What a coupling does to the half that it changes, and an autoregressive layer to all: an affine map of each element,
// whose scale and shift a network gives, and the log-determinant.
//
//     y = x · exp(s) + t,  log |det| = Σ s       or back      x = (y − t) · exp(−s),  log |det| = −Σ s
//
// with s = limit · tanh(raw / limit). Composed of ATen operations these are ten small tensors forward and twenty
// backward for each layer of a flow, whose dispatch took longer than the networks in between.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"
#include "Operands.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

namespace ct::scale_and_shift {

namespace {

#pragma clang fp reassociate(on) contract(fast)

constexpr int64_t grain = 8192;

/// Which way, as factors: a branch in the loops would keep them from being vectorised.
struct Way {
    float sign, before, after, limit;

    Way(bool isBack, double limit)
        : sign(isBack ? -1 : 1), before(isBack ? 1 : 0), after(isBack ? 0 : 1), limit(static_cast<float>(limit)) {}
};

/// How many elements are worked on at a time, in buffers on the stack.
constexpr int64_t block = 512;

/// A stretch of elements that lie side by side in x: several whole rows, or a part of a long one.
struct Stretch {
    int64_t row, rows, begin, width, size;

    int64_t count() const { return rows * width; }
    int64_t place() const { return row * size + begin; }
    /// Where its part of a row lies in the map, whose rows hold log-scales, then shifts.
    int64_t inMap(int64_t k) const { return 2 * (row + k) * size + begin; }

    /// Lays the numbers of its rows end to end: rows of a few elements leave most of a vector register idle.
    void gather(const float *map, float *raw, float *shift) const {
        for (int64_t k = 0; k < rows; k++) {
            std::copy_n(map + inMap(k), width, raw + k * width);
            std::copy_n(map + inMap(k) + size, width, shift + k * width);
        }
    }

    void scatter(const float *raw, const float *shift, float *map) const {
        for (int64_t k = 0; k < rows; k++) {
            std::copy_n(raw + k * width, width, map + inMap(k));
            std::copy_n(shift + k * width, width, map + inMap(k) + size);
        }
    }
};

/// Cuts rows of `size` into stretches that fit the buffers.
template <typename Body> void over_stretches(int64_t begin, int64_t end, int64_t size, Body body) {
    int64_t together = std::max<int64_t>(1, block / size);
    for (int64_t row = begin; row < end; row += together)
        for (int64_t from = 0; from < size; from += block)
            body(Stretch{row, std::min(together, end - row), from, std::min(block, size - from), size});
}

CT_VECTORISED void transform(const float *x, const float *raw, const float *shift, Way way, float *__restrict value,
                             float *__restrict logScale, int64_t count) {
    float inverse = 1.0f / way.limit;
    for (int64_t i = 0; i < count; i++) {
        float s = way.sign * way.limit * tanh_any(raw[i] * inverse);
        value[i] = (x[i] - way.before * shift[i]) * exp_any(s) + way.after * shift[i];
        logScale[i] = s;
    }
}

CT_VECTORISED float total_of(const float *x, int64_t count) {
    float total = 0;
    for (int64_t i = 0; i < count; i++) total += x[i];
    return total;
}

/// `ofSum` is the slope of the log-determinant, for each element.
CT_VECTORISED void slopes(const float *x, const float *raw, const float *shift, const float *g, const float *ofSum,
                          Way way, float *__restrict toX, float *__restrict toRaw, float *__restrict toShift,
                          int64_t count) {
    float inverse = 1.0f / way.limit;
    for (int64_t i = 0; i < count; i++) {
        float bent = tanh_any(raw[i] * inverse);
        toX[i] = g[i] * exp_any(way.sign * way.limit * bent);
        toRaw[i] = way.sign * ((x[i] - way.before * shift[i]) * toX[i] + ofSum[i]) * (1.0f - bent * bent);
        toShift[i] = way.after * g[i] - way.before * toX[i];
    }
}

/// The same of ATen's operations, for other types, shapes that are broadcast, and second derivatives.
torch::autograd::tensor_list composed(const at::Tensor &x, const at::Tensor &map, double limit, int64_t eventRank,
                                      bool isBack) {
    auto halves = map.chunk(2, -eventRank);
    auto s = (halves[0] / limit).tanh() * limit;
    auto sum = s.flatten(-eventRank).sum(-1);
    if (isBack) return {(x - halves[1]) * (-s).exp(), -sum};
    return {x * s.exp() + halves[1], sum};
}

struct ScaleAndShift : torch::autograd::Function<ScaleAndShift> {
    static torch::autograd::tensor_list forward(torch::autograd::AutogradContext *context, const at::Tensor &x,
                                                const at::Tensor &map, double limit, int64_t eventRank, bool isBack) {
        at::AutoDispatchBelowADInplaceOrView below;
        Way way(isBack, limit);
        auto dense = x.contiguous(), numbers = map.contiguous();
        auto value = at::empty(x.sizes(), x.options());
        auto sum = at::empty(x.sizes().slice(0, x.dim() - eventRank), x.options());
        int64_t rows = sum.numel(), size = x.numel() / rows;
        const float *xs = data(dense), *ms = data(numbers);
        float *values = value.mutable_data_ptr<float>(), *sums = sum.mutable_data_ptr<float>();
        parallel(rows, 1 + grain / size, [=](int64_t begin, int64_t end) {
            over_stretches(begin, end, size, [=](const Stretch &all) {
                float raw[block], shift[block], logScale[block];
                all.gather(ms, raw, shift);
                transform(xs + all.place(), raw, shift, way, values + all.place(), logScale, all.count());
                for (int64_t k = 0; k < all.rows; k++)
                    sums[all.row + k] =
                        (all.begin > 0 ? sums[all.row] : 0) + total_of(logScale + k * all.width, all.width);
            });
        });
        context->save_for_backward({x, map});
        context->saved_data["limit"] = limit;
        context->saved_data["eventRank"] = eventRank;
        context->saved_data["isBack"] = isBack;
        return {value, sum};
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list incoming) {
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &map = saved[1];
        double limit = context->saved_data["limit"].toDouble();
        auto eventRank = context->saved_data["eventRank"].toInt();
        bool isBack = context->saved_data["isBack"].toBool();
        if (at::GradMode::is_enabled()) {
            // Differentiated again: operations that record.
            auto halves = map.chunk(2, -eventRank);
            auto bent = (halves[0] / limit).tanh();
            double sign = isBack ? -1 : 1;
            auto toX = incoming[0] * (bent * (sign * limit)).exp();
            auto ofSum = incoming[1];
            for (int64_t axis = 0; axis < eventRank; axis++) ofSum = ofSum.unsqueeze(-1);
            auto toRaw = ((isBack ? x - halves[1] : x) * toX + ofSum) * (1 - bent * bent) * sign;
            return {toX,          at::cat({toRaw, isBack ? -toX : incoming[0]}, -eventRank), at::Tensor(),
                    at::Tensor(), at::Tensor()};
        }
        Way way(isBack, limit);
        auto dense = x.contiguous(), numbers = map.contiguous();
        auto g = incoming[0].contiguous(), ofSum = incoming[1].contiguous();
        auto toX = at::empty(x.sizes(), x.options()), toMap = at::empty(map.sizes(), x.options());
        int64_t rows = ofSum.numel(), size = x.numel() / rows;
        const float *xs = data(dense), *ms = data(numbers), *gs = data(g), *sums = data(ofSum);
        float *toXs = toX.mutable_data_ptr<float>(), *toMaps = toMap.mutable_data_ptr<float>();
        parallel(rows, 1 + grain / size, [=](int64_t begin, int64_t end) {
            over_stretches(begin, end, size, [=](const Stretch &all) {
                float raw[block], shift[block], ofSum[block], toRaw[block], toShift[block];
                all.gather(ms, raw, shift);
                for (int64_t k = 0; k < all.rows; k++)
                    std::fill_n(ofSum + k * all.width, all.width, sums[all.row + k]);
                slopes(xs + all.place(), raw, shift, gs + all.place(), ofSum, way, toXs + all.place(), toRaw, toShift,
                       all.count());
                all.scatter(toRaw, toShift, toMaps);
            });
        });
        return {toX, toMap, at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

/// Whether each row of `map` is that of `x` twice as long.
bool is_doubled(const at::Tensor &map, const at::Tensor &x, int64_t eventRank) {
    if (map.dim() != x.dim()) return false;
    auto expected = x.sizes().vec();
    expected[x.dim() - eventRank] *= 2;
    return map.sizes() == at::IntArrayRef(expected);
}

} // namespace

extern "C" bool ct_scale_and_shift(CTTensor x, CTTensor map, double limit, long eventRank, bool isBack, CTTensor *value,
                                   CTTensor *logDeterminant) noexcept {
    return guarded<bool>(false, [&] {
        auto &outcome = ref(x), &numbers = ref(map);
        TORCH_CHECK(eventRank > 0 && eventRank <= outcome.dim() && eventRank <= numbers.dim() &&
                        numbers.size(-eventRank) == 2 * outcome.size(-eventRank),
                    "a map of ", numbers.sizes(), " for outcomes of ", outcome.sizes());
        bool fits = is_plain(outcome) && is_plain(numbers) && is_doubled(numbers, outcome, eventRank);
        auto moved = fits ? ScaleAndShift::apply(outcome, numbers, limit, eventRank, isBack)
                          : composed(outcome, numbers, limit, eventRank, isBack);
        *value = make(moved[0]);
        *logDeterminant = make(moved[1]);
        return true;
    });
}

} // namespace ct::scale_and_shift
