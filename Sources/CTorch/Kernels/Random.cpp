// Uniform and normal draws as pure functions of (seed, stream, position): the same numbers whatever the threads.
//
// A draw is laid out in runs of 256 values (float32: 64 blocks of four words; float64: 128 blocks of two), lane
// after lane inside a run, so that every loop below reads and writes memory in order. A draw therefore takes
// whole runs of the counter; Swift's Generator counts the same way.
//
// A draw by rows has a stream for each row and lays each row out block by block, so that a row is a function of its
// own stream and length alone, whatever the other rows are.
#include "../Guard.h"
#include "Kernel.h"
#include "Math.h"
#include "Philox.h"

#include <ATen/Functions.h>
#include <algorithm>
#include <cmath>
#include <cstring>

namespace ct::random {

namespace {

constexpr int64_t run = 256;

/// A word as a float32 in (0, 1): 23 bits, centred in their cells, so that neither end is met. With 24 the half
/// would not be held exactly, and the largest word would round to 1.
inline __attribute__((always_inline)) float unit(uint32_t word) {
    return (static_cast<float>(static_cast<int32_t>(word >> 9)) + 0.5f) * 0x1p-23f;
}

/// A word as a float32 in (0, 1]: 31 bits, as many as float32 holds near zero. For radii, where the small values
/// are the tail and 1 is harmless.
inline __attribute__((always_inline)) float unit_fine_near_zero(uint32_t word) {
    return (static_cast<float>(static_cast<int32_t>(word >> 1)) + 0.5f) * 0x1p-31f;
}

/// Two words as a float64 in (0, 1): 52 bits, centred.
inline double unit(uint32_t high, uint32_t low) {
    uint64_t word = (static_cast<uint64_t>(high) << 32 | low) >> 12;
    return (static_cast<double>(word) + 0.5) * 0x1p-52;
}

CT_VECTORISED void fill_words(uint32_t *words, uint64_t seed, uint64_t stream, uint64_t position) {
    for (int64_t i = 0; i < 64; i++)
        philox(seed, stream, position + i, words[i], words[64 + i], words[128 + i], words[192 + i]);
}

CT_VECTORISED void uniform_run(float *out, const uint32_t *words) {
    for (int64_t i = 0; i < run; i++) out[i] = unit(words[i]);
}

/// Box and Muller 1958: a radius from one lane and an angle from the next give two normal values.
CT_VECTORISED void normal_run(float *out, const uint32_t *words) {
    for (int64_t half = 0; half < run; half += 128) {
        for (int64_t i = half; i < half + 64; i++) {
            // __builtin_sqrtf may set errno, which kept this loop from being vectorised: five times as slow.
            float radius = __builtin_elementwise_sqrt(-2.0f * log_positive(unit_fine_near_zero(words[i])));
            float cosine, sine;
            cos_sin_turn(unit(words[i + 64]), cosine, sine);
            out[i] = radius * cosine;
            out[i + 64] = radius * sine;
        }
    }
}

void make_run(float *out, bool normal, uint64_t seed, uint64_t stream, uint64_t position) {
    uint32_t words[run];
    fill_words(words, seed, stream, position);
    normal ? normal_run(out, words) : uniform_run(out, words);
}

CT_VECTORISED void fill_words(uint32_t *words, uint64_t seed, const uint64_t *streams, const uint64_t *positions) {
    for (int64_t i = 0; i < 64; i++)
        philox(seed, streams[i], positions[i], words[i], words[64 + i], words[128 + i], words[192 + i]);
}

/// Float64 is for references and laws: the plain library functions, no polynomial.
void make_pair(double &first, double &second, bool normal, uint64_t seed, uint64_t stream, uint64_t position) {
    uint32_t w[4];
    philox(seed, stream, position, w[0], w[1], w[2], w[3]);
    first = unit(w[0], w[1]), second = unit(w[2], w[3]);
    if (!normal) return;
    double radius = std::sqrt(-2 * std::log(first)), angle = 2 * M_PI * second;
    first = radius * std::cos(angle);
    second = radius * std::sin(angle);
}

void make_run(double *out, bool normal, uint64_t seed, uint64_t stream, uint64_t position) {
    for (int64_t i = 0; i < run / 2; i++) make_pair(out[i], out[i + run / 2], normal, seed, stream, position + i);
}

template <typename Value>
void fill(Value *out, int64_t count, bool normal, uint64_t seed, uint64_t stream, uint64_t position) {
    constexpr uint64_t blocksPerRun = sizeof(Value) == 4 ? 64 : 128;
    parallel((count + run - 1) / run, 16, [=](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; r++) {
            uint64_t at = position + r * blocksPerRun;
            if ((r + 1) * run <= count) {
                make_run(out + r * run, normal, seed, stream, at);
            } else {
                Value rest[run];
                make_run(rest, normal, seed, stream, at);
                std::memcpy(out + r * run, rest, (count - r * run) * sizeof(Value));
            }
        }
    });
}

/// Rows of `width` values, each from the blocks of its own stream; 64 blocks at a time, of as many rows as they take.
void fill_rows(float *out, int64_t rows, int64_t width, bool normal, uint64_t seed, const uint64_t *streams,
               uint64_t position) {
    int64_t blocks = (width + 3) / 4, total = rows * blocks;
    parallel((total + 63) / 64, 16, [=](int64_t begin, int64_t end) {
        for (int64_t batch = begin; batch < end; batch++) {
            uint64_t rowStreams[64], positions[64];
            uint32_t words[run];
            float values[run];
            int64_t first = batch * 64, count = std::min<int64_t>(64, total - first);
            int64_t row = first / blocks, block = first % blocks;
            for (int64_t i = 0; i < 64; i++) {
                int64_t at = std::min(row, rows - 1); // what lies behind the end is made and thrown away
                rowStreams[i] = streams[at];
                positions[i] = position + block;
                if (++block == blocks) block = 0, row++;
            }
            fill_words(words, seed, rowStreams, positions);
            normal ? normal_run(values, words) : uniform_run(values, words);
            row = first / blocks, block = first % blocks;
            for (int64_t i = 0; i < count; i++) {
                float *to = out + row * width + block * 4;
                int64_t left = std::min<int64_t>(4, width - block * 4);
                for (int64_t lane = 0; lane < left; lane++) to[lane] = values[lane * 64 + i];
                if (++block == blocks) block = 0, row++;
            }
        }
    });
}

/// The same in float64, for references and laws.
void fill_rows(double *out, int64_t rows, int64_t width, bool normal, uint64_t seed, const uint64_t *streams,
               uint64_t position) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t block = 0; block * 2 < width; block++) {
            double first, second;
            make_pair(first, second, normal, seed, streams[row], position + block);
            out[row * width + block * 2] = first;
            if (block * 2 + 1 < width) out[row * width + block * 2 + 1] = second;
        }
}

template <typename Fill>
CTTensor filled(const long *shape, long rank, int type, const Fill &fill) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto tensor = at::empty(ints(shape, rank), options(type));
        if (tensor.numel() == 0 || tensor.is_meta()) return make(tensor);
        if (tensor.scalar_type() == at::kFloat) {
            fill(tensor, tensor.mutable_data_ptr<float>());
        } else {
            TORCH_CHECK(tensor.scalar_type() == at::kDouble, "draws are float32 or float64");
            fill(tensor, tensor.mutable_data_ptr<double>());
        }
        return make(tensor);
    });
}

CTTensor draw_rows(const long *shape, long rank, int type, bool normal, uint64_t seed, const uint64_t *streams,
                   long rows, uint64_t position) noexcept {
    return filled(shape, rank, type, [&](at::Tensor &tensor, auto *out) {
        fill_rows(out, rows, tensor.numel() / rows, normal, seed, streams, position);
    });
}

CTTensor draw(const long *shape, long rank, int type, bool normal, uint64_t seed, uint64_t stream,
              uint64_t position) noexcept {
    return filled(shape, rank, type, [&](at::Tensor &tensor, auto *out) {
        fill(out, tensor.numel(), normal, seed, stream, position);
    });
}

} // namespace

extern "C" CTTensor ct_random_normal(const long *shape, long rank, int type, uint64_t seed, uint64_t stream,
                                     uint64_t position) noexcept {
    return draw(shape, rank, type, true, seed, stream, position);
}

extern "C" CTTensor ct_random_uniform(const long *shape, long rank, int type, uint64_t seed, uint64_t stream,
                                      uint64_t position) noexcept {
    return draw(shape, rank, type, false, seed, stream, position);
}

extern "C" CTTensor ct_random_normal_rows(const long *shape, long rank, int type, uint64_t seed, const uint64_t *streams,
                               long rows, uint64_t position) noexcept {
    return draw_rows(shape, rank, type, true, seed, streams, rows, position);
}

extern "C" CTTensor ct_random_uniform_rows(const long *shape, long rank, int type, uint64_t seed, const uint64_t *streams,
                                long rows, uint64_t position) noexcept {
    return draw_rows(shape, rank, type, false, seed, streams, rows, position);
}

extern "C" void ct_philox_streams(uint64_t seed, uint64_t stream, const uint64_t *labels, long count, uint64_t *out) noexcept {
    for (long i = 0; i < count; i++) {
        uint32_t w[4];
        philox(seed, stream, labels[i], w[0], w[1], w[2], w[3]);
        out[i] = static_cast<uint64_t>(w[0]) << 32 | w[1];
    }
}

extern "C" void ct_philox_block(uint64_t seed, uint64_t stream, uint64_t position, uint32_t *out) noexcept {
    philox(seed, stream, position, out[0], out[1], out[2], out[3]);
}

} // namespace ct::random
