// Replaces at::addmm's copy of the bias, at::relu_, at::threshold_backward and at::sum: the gradient of a hidden layer
// was read and written twice over, and each of the four opened a parallel region of its own.
#include "Epilogue.h"
#include "Kernel.h"
#include "Math.h"
#include "Operands.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <vector>

namespace ct {

namespace {

#pragma clang fp contract(fast)

constexpr int64_t grain = 16384;

CT_VECTORISED void forward(float *y, const float *bias, int64_t rows, int64_t columns, int activation) {
    for (int64_t r = 0; r < rows; r++, y += columns) {
        if (activation == 1) {
            // Written so that NaN stays: a run that has diverged must show it.
            for (int64_t c = 0; c < columns; c++) {
                float value = y[c] + bias[c];
                y[c] = value <= 0.0f ? 0.0f : value;
            }
        } else if (activation == 2) {
            for (int64_t c = 0; c < columns; c++) y[c] = tanh_any(y[c] + bias[c]);
        } else {
            for (int64_t c = 0; c < columns; c++) y[c] += bias[c];
        }
    }
}

CT_VECTORISED void backward(const float *__restrict y, const float *g, float *out, float *__restrict sums, int64_t rows,
                            int64_t columns, int activation) {
    for (int64_t r = 0; r < rows; r++, y += columns, g += columns, out += columns) {
        if (activation == 1) {
            // `out` may be `g` itself, which the compiler would take for an overlap and walk element by element.
#pragma clang loop vectorize(assume_safety)
            for (int64_t c = 0; c < columns; c++) {
                float value = y[c] <= 0.0f ? 0.0f : g[c];
                out[c] = value;
                sums[c] += value;
            }
        } else {
#pragma clang loop vectorize(assume_safety)
            for (int64_t c = 0; c < columns; c++) {
                float value = g[c] * (1.0f - y[c] * y[c]);
                out[c] = value;
                sums[c] += value;
            }
        }
    }
}

CT_VECTORISED void add_rows(const float *g, float *__restrict sums, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++, g += columns)
        for (int64_t c = 0; c < columns; c++) sums[c] += g[c];
}

bool is_dense(const at::Tensor &x) { return is_plain(x) && x.is_contiguous() && x.dim() > 0; }

at::Tensor composed(const at::Tensor &g, const at::Tensor &y, Activation activation) {
    switch (activation) {
    case Activation::relu: return at::threshold_backward(g, y, 0);
    case Activation::tanh: return at::tanh_backward(g, y);
    case Activation::none: return g;
    }
}

at::Tensor row_sums(const at::Tensor &g) { return at::sum(g.reshape({-1, g.size(-1)}), 0); }

/// Runs `body(row, rows, sums)` over blocks of rows. The blocks depend on the shape alone and their sums are added in
/// order, so that the result does not depend on the threads.
template <typename Body>
void over_blocks(int64_t rows, int64_t columns, float *sums, const Body &body) {
    int64_t height = std::max<int64_t>(1, grain / columns), count = (rows + height - 1) / height;
    std::vector<float> parts(count * columns);
    parallel(count, 1, [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; block++) {
            int64_t row = block * height;
            body(row, std::min(height, rows - row), parts.data() + block * columns);
        }
    });
    if (!sums) return;
    std::fill(sums, sums + columns, 0.0f);
    add_rows(parts.data(), sums, count, columns);
}

} // namespace

bool is_sole(const at::Tensor &x) { return x.use_count() == 1 && x.storage().use_count() == 1; }

at::Tensor activated(at::Tensor y, const std::optional<at::Tensor> &bias, Activation activation) {
    if (!bias && activation == Activation::none) return y;
    auto b = bias ? bias->contiguous() : at::zeros({y.size(-1)}, y.options());
    if (!is_dense(y) || !is_dense(b)) {
        auto sum = y + b;
        return activation == Activation::relu ? at::relu(sum) : activation == Activation::tanh ? at::tanh(sum) : sum;
    }
    int64_t columns = y.size(-1), rows = y.numel() / columns;
    float *ys = y.mutable_data_ptr<float>();
    const float *bs = data(b);
    parallel(rows, 1 + grain / columns, [=](int64_t begin, int64_t end) {
        forward(ys + begin * columns, bs, end - begin, columns, static_cast<int>(activation));
    });
    return y;
}

Carried carried_back(at::Tensor &&incoming, const at::Tensor &y, Activation activation, bool summed) {
    auto g = std::move(incoming);
    if (at::GradMode::is_enabled() || !is_dense(g) || (y.defined() && !is_dense(y))) {
        auto slope = composed(g, y, activation);
        return {slope, summed ? row_sums(slope) : at::Tensor()};
    }
    int64_t columns = g.size(-1), rows = g.numel() / columns;
    auto sums = summed ? at::empty({columns}, g.options()) : at::Tensor();
    float *totals = summed ? sums.mutable_data_ptr<float>() : nullptr;
    const float *gs = data(g);
    if (activation == Activation::none) {
        if (summed)
            over_blocks(rows, columns, totals, [=](int64_t row, int64_t count, float *part) {
                add_rows(gs + row * columns, part, count, columns);
            });
        return {g, sums};
    }
    auto out = is_sole(g) ? g : at::empty_like(g);
    float *outs = out.mutable_data_ptr<float>();
    const float *ys = data(y);
    over_blocks(rows, columns, totals, [=](int64_t row, int64_t count, float *part) {
        auto at = row * columns;
        backward(ys + at, gs + at, outs + at, part, count, columns, static_cast<int>(activation));
    });
    return {out, sums};
}

} // namespace ct
