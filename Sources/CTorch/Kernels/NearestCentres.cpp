// A step of Lloyd's algorithm with Hamerly's bounds: rows whose nearest centre cannot have changed are not looked at,
// the others meet all centres, as many rows side by side as a register holds, and the sums of the centres are brought up
// to date.
//
// Replaces the distances [rows, centres], which go through memory several times over.
//
// Source: Hamerly 2010, "Making k-means even faster", SIAM International Conference on Data Mining.
#include "../Guard.h"
#include "Kernel.h"

#include <ATen/Functions.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

namespace ct::nearest_centres {

namespace {

#pragma clang fp reassociate(on) contract(fast)

/// As many rows as the widest register holds numbers.
template <typename T>
struct Register {
    static constexpr int width = 64 / sizeof(T);
    using Place = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
    typedef T Lanes __attribute__((vector_size(64), aligned(alignof(T))));
    typedef Place Places __attribute__((vector_size(64), aligned(alignof(T))));
};

/// So many centres share what is read of the rows.
constexpr int tileCentres = 4;
/// From so many numbers on, a row is first compared with its own centre alone.
constexpr int64_t costlyScan = 2048;

template <typename T>
struct Problem {
    const T *x;
    /// [padded, size], those that only fill a tile up infinitely far away.
    const T *centres;
    int64_t size, count, padded;
    /// How far each centre has moved, and how far any other has at most.
    const T *moved, *othersMoved;
    /// Half the distance to the nearest other centre.
    const T *halfGaps;
    int64_t *labels;
    T *bounds;
    /// Factors beside 1: roundings, here and in bounds that have been moved often, must not hide a nearer centre.
    T more, less;
};

/// What is known of the rows of a tile once they have met all centres.
template <typename T>
struct Tile {
    static constexpr int width = Register<T>::width;
    /// [size, width]: the rows side by side.
    std::vector<T> columns;
    /// The places of the nearest centres, the first where there are several, and the squared distances to the nearest
    /// and the second.
    typename Register<T>::Place places[width];
    T least[width], second[width];

    explicit Tile(int64_t size) : columns(size * width) {}

    inline __attribute__((always_inline)) void meet(const T *const *rows, const Problem<T> &p) {
        using Lanes = typename Register<T>::Lanes;
        T *side = columns.data();
        for (int r = 0; r < width; r++)
            for (int64_t d = 0; d < p.size; d++) side[d * width + r] = rows[r][d];
        Lanes best = std::numeric_limits<T>::infinity() - Lanes{}, next = best;
        typename Register<T>::Places at = {};
        for (int64_t k = 0; k < p.padded; k += tileCentres) {
            Lanes sums[tileCentres] = {};
            for (int64_t d = 0; d < p.size; d++) {
                Lanes x = *reinterpret_cast<const Lanes *>(side + d * width);
                for (int j = 0; j < tileCentres; j++) {
                    Lanes gap = x - p.centres[(k + j) * p.size + d];
                    sums[j] += gap * gap;
                }
            }
            for (int j = 0; j < tileCentres; j++) {
                auto isNearer = sums[j] < best;
                Lanes loser = isNearer ? best : sums[j];
                next = loser < next ? loser : next;
                best = isNearer ? sums[j] : best;
                at = isNearer ? static_cast<typename Register<T>::Place>(k + j) - typename Register<T>::Places{} : at;
            }
        }
        *reinterpret_cast<typename Register<T>::Places *>(places) = at;
        *reinterpret_cast<Lanes *>(least) = best;
        *reinterpret_cast<Lanes *>(second) = next;
    }
};

template <typename T>
inline __attribute__((always_inline)) T square_between(const T *x, const T *y, int64_t size) {
    T sum = 0;
    for (int64_t d = 0; d < size; d++) sum += (x[d] - y[d]) * (x[d] - y[d]);
    return sum;
}

CT_VECTORISED float square(const float *x, const float *y, int64_t size) { return square_between(x, y, size); }

CT_VECTORISED double square(const double *x, const double *y, int64_t size) { return square_between(x, y, size); }

/// Σ x², in float64.
template <typename T>
inline __attribute__((always_inline)) double square_of(const T *x, int64_t size) {
    double sum = 0;
    for (int64_t d = 0; d < size; d++) sum += static_cast<double>(x[d]) * static_cast<double>(x[d]);
    return sum;
}

template <typename T>
inline __attribute__((always_inline)) void add_row(const T *x, double sign, double *__restrict sums, int64_t size) {
    for (int64_t d = 0; d < size; d++) sums[d] += sign * static_cast<double>(x[d]);
}

/// What a block of rows adds to the sums.
struct Part {
    std::vector<double> sums, counts;
    double squares = 0;
    int64_t changed = 0;
};

template <typename T>
class Block {
    const Problem<T> &p;
    Part &part;
    std::vector<int64_t> open;
    Tile<T> tile;

public:
    Block(const Problem<T> &p, Part &part, int64_t height) : p(p), part(part), open(height), tile(p.size) {
        part.sums.assign(p.count * p.size, 0);
        part.counts.assign(p.count, 0);
    }

    inline __attribute__((always_inline)) void run(int64_t begin, int64_t end) {
        int64_t count = 0;
        // Without a branch, as nobody can predict it.
        for (int64_t i = begin; i < end; i++) {
            open[count] = i;
            count += !is_settled(i);
        }
        for (int64_t at = 0; at < count; at += Tile<T>::width) {
            const T *rows[Tile<T>::width];
            // The last tile may repeat its last row.
            for (int64_t r = 0; r < Tile<T>::width; r++) rows[r] = row(open[std::min(at + r, count - 1)]);
            tile.meet(rows, p);
            for (int64_t r = 0; r < Tile<T>::width && at + r < count; r++) settle(open[at + r], r);
        }
    }

private:
    inline __attribute__((always_inline)) const T *row(int64_t i) const { return p.x + i * p.size; }

    inline __attribute__((always_inline)) bool is_settled(int64_t i) {
        int64_t own = p.labels[i];
        if (own < 0) return false;
        T *bounds = p.bounds + 2 * i;
        bounds[0] = (bounds[0] + p.moved[own]) * p.more;
        bounds[1] = (bounds[1] - p.othersMoved[own]) * p.less;
        T others = std::max(bounds[1], p.halfGaps[own]);
        if (p.size * p.count < costlyScan || bounds[0] < others) return bounds[0] < others;
        bounds[0] = std::sqrt(square_between(row(i), p.centres + own * p.size, p.size)) * p.more;
        return bounds[0] < others;
    }

    inline __attribute__((always_inline)) void settle(int64_t i, int64_t r) {
        p.bounds[2 * i] = std::sqrt(tile.least[r]) * p.more;
        p.bounds[2 * i + 1] = std::sqrt(tile.second[r]) * p.less;
        int64_t before = p.labels[i], now = tile.places[r];
        if (before == now) return;
        p.labels[i] = now;
        part.changed++;
        add_row(row(i), 1, part.sums.data() + now * p.size, p.size);
        part.counts[now]++;
        if (before < 0) {
            part.squares += square_of(row(i), p.size);
            return;
        }
        add_row(row(i), -1, part.sums.data() + before * p.size, p.size);
        part.counts[before]--;
    }
};

CT_VECTORISED void run(Block<float> &block, int64_t begin, int64_t end) { block.run(begin, end); }

CT_VECTORISED void run(Block<double> &block, int64_t begin, int64_t end) { block.run(begin, end); }

template <typename T>
T *elements(const at::Tensor &x) {
    return static_cast<T *>(x.mutable_data_ptr());
}

template <typename T>
int64_t assign(const at::Tensor &x, const at::Tensor &centres, const at::Tensor &before, const at::Tensor &labels,
               const at::Tensor &bounds, const at::Tensor &sums, const at::Tensor &counts, double &squares) {
    constexpr T far = sizeof(T) == 4 ? T(1e30) : T(1e200);
    int64_t rows = x.size(0), size = x.size(1), count = centres.size(0);
    int64_t padded = (count + tileCentres - 1) / tileCentres * tileCentres;
    const T *cs = static_cast<const T *>(centres.const_data_ptr()), *olds = static_cast<const T *>(before.const_data_ptr());
    std::vector<T> all(padded * size, far), moved(count), othersMoved(count), halfGaps(count);
    std::copy(cs, cs + count * size, all.begin());
    T slack = std::numeric_limits<T>::epsilon() * static_cast<T>(8 + size), more = 1 + slack, less = 1 - slack;
    for (int64_t k = 0; k < count; k++)
        moved[k] = std::sqrt(square(cs + k * size, olds + k * size, size)) * more;
    for (int64_t k = 0; k < count; k++) {
        T furthest = 0;
        for (int64_t j = 0; j < count; j++)
            if (j != k) furthest = std::max(furthest, moved[j]);
        othersMoved[k] = furthest;
    }
    Problem<T> p{static_cast<const T *>(x.const_data_ptr()), all.data(), size, count, padded, moved.data(),
                 othersMoved.data(), halfGaps.data(), elements<int64_t>(labels), elements<T>(bounds), more, less};
    parallel(count, 1 + (1 << 16) / (count * size), [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; k++) {
            T nearest = std::numeric_limits<T>::infinity();
            for (int64_t j = 0; j < count; j++)
                if (j != k) nearest = std::min(nearest, square(cs + k * size, cs + j * size, size));
            halfGaps[k] = std::sqrt(nearest) * T(0.5) * less;
        }
    });
    // The blocks depend on the shapes alone and their sums are added in order: threads do not change the result.
    int64_t most = std::max<int64_t>(1, (1 << 22) / (count * size));
    int64_t blocks = std::clamp<int64_t>(rows / 1024, 1, std::min<int64_t>(64, most)), height = (rows + blocks - 1) / blocks;
    std::vector<Part> parts(blocks);
    parallel(blocks, 1, [&](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; b++) {
            Block<T> block(p, parts[b], height);
            run(block, std::min(b * height, rows), std::min((b + 1) * height, rows));
        }
    });
    double *total = elements<double>(sums), *members = elements<double>(counts);
    int64_t changed = 0;
    for (auto &part : parts) {
        if (part.changed == 0) continue;
        changed += part.changed;
        squares += part.squares;
        for (int64_t i = 0; i < count * size; i++) total[i] += part.sums[i];
        for (int64_t k = 0; k < count; k++) members[k] += part.counts[k];
    }
    return changed;
}

} // namespace

extern "C" long ct_assign_to_centres(CTTensor x, CTTensor centres, CTTensor before, CTTensor labels, CTTensor bounds,
                                     CTTensor sums, CTTensor counts, double *squares) noexcept {
    return guarded<long>(-1, [&]() -> long {
        auto &rows = ref(x), &c = ref(centres), &old = ref(before), &l = ref(labels), &b = ref(bounds), &s = ref(sums),
             &n = ref(counts);
        for (auto *tensor : {&rows, &c, &old, &l, &b, &s, &n})
            TORCH_CHECK(tensor->is_cpu() && tensor->is_contiguous(), "everything lies row after row in memory");
        auto type = rows.scalar_type();
        TORCH_CHECK((type == at::kFloat || type == at::kDouble) && c.scalar_type() == type &&
                        old.scalar_type() == type && b.scalar_type() == type && l.scalar_type() == at::kLong &&
                        s.scalar_type() == at::kDouble && n.scalar_type() == at::kDouble,
                    "rows, centres and bounds of one type, float32 or float64, labels int64, sums and counts float64");
        TORCH_CHECK(rows.dim() == 2 && rows.numel() > 0 && c.dim() == 2 && c.size(0) > 0 && c.size(1) == rows.size(1) &&
                        old.sizes() == c.sizes() && s.sizes() == c.sizes() && n.numel() == c.size(0) &&
                        l.numel() == rows.size(0) && b.numel() == 2 * rows.size(0),
                    "rows [n, size], centres [k, size], labels [n], bounds [n, 2]");
        return type == at::kFloat ? assign<float>(rows, c, old, l, b, s, n, *squares)
                                  : assign<double>(rows, c, old, l, b, s, n, *squares);
    });
}

} // namespace ct::nearest_centres
