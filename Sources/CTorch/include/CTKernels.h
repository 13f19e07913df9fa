#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

enum { CT_ACTIVATION_NONE = 0, CT_ACTIVATION_RELU = 1, CT_ACTIVATION_TANH = 2 };

/// activation(x · wᵀ + b) for x [..., I], w [O, I], b [O], all three products through oneDNN. NaN stays NaN.
CT_MAKES(ct_linear, CTTensor x, CTTensor w, CTTensor _Nullable b, int activation)
/// Cross-correlation of x [B, I, H, W] with w [O, I / groups, h, w], then bias and activation; the same stride, padding
/// and dilation along both axes. The result is channels-last in memory.
CT_MAKES(ct_conv2d, CTTensor x, CTTensor w, CTTensor _Nullable b, long stride, long padding, long dilation,
         long groups, int activation)
/// The transpose, with w [I, O / groups, h, w].
CT_MAKES(ct_conv_transpose2d, CTTensor x, CTTensor w, CTTensor _Nullable b, long stride, long padding,
         const long *outputPadding, long groups, int activation)
/// Whether ct_linear uses oneDNN's products (else MKL's or the platform's): chosen by processor at start.
bool ct_linear_uses_onednn(void) CT_NOEXCEPT;
void ct_set_linear_uses_onednn(bool on) CT_NOEXCEPT;

/// Σ_d x·l − softplus(l) over the last `eventRank` axes: `x` is broadcast against `logits` [..., D].
CT_MAKES(ct_bernoulli_log_probability, CTTensor logits, CTTensor x, long eventRank)

/// μ + exp(½ log σ²) · ε for `noise` ε of the mean's shape behind any leading axes.
CT_MAKES(ct_gaussian_draw, CTTensor mean, CTTensor logVariance, CTTensor noise)
/// log Σ_k w_k N(x | μ_k, diag σ_k²) of rows x [n, size], components [k, size] and log w [k].
CT_MAKES(ct_gaussian_mixture_log_probability, CTTensor x, CTTensor logWeights, CTTensor mean, CTTensor logVariance)

/// A step of Lloyd's algorithm: the nearest of the centres [k, size] of each row of x [n, size]. `before` is where the
/// centres were at the last call. In place: labels int64 [n] (−1 at first), bounds [n, 2] on the distances to the own
/// centre and to any other, float64 sums [k, size] and counts [k] of the rows of each centre (zeros at first), and Σ x²
/// (0 at first).
/// Returns how many labels changed, or −1 on failure.
long ct_assign_to_centres(CTTensor x, CTTensor centres, CTTensor before, CTTensor labels, CTTensor bounds,
                          CTTensor sums, CTTensor counts, double *squares) CT_NOEXCEPT;
/// Σ log p(x) over rows x [n, size] under a mixture of Gaussians with log w [k], means and variances [k, size] in
/// float64, and by component Σ r [k], Σ r (x − μ) and Σ r (x − μ)² [k, size].
bool ct_mixture_statistics(CTTensor x, CTTensor logWeights, CTTensor mean, CTTensor variance,
                           CTTensor _Nullable *_Nonnull counts, CTTensor _Nullable *_Nonnull first,
                           CTTensor _Nullable *_Nonnull second, double *total) CT_NOEXCEPT;

/// log P of images [some, channels, pixels] under mixtures of logistics, parameters [images, numbers, pixels]: logits
/// [k], locations and log-scales [k · channels], for three channels coefficients [k · 3]; levels `spacing` apart.
CT_MAKES(ct_logistic_mixture_log_probability, CTTensor parameters, CTTensor x, long components, double spacing)

/// log N(x | μ, σ²) summed over the last axis; each of the three may lack leading axes.
CT_MAKES(ct_gaussian_log_probability, CTTensor x, CTTensor mean, CTTensor logVariance)
/// KL(N(m, exp v) ‖ N(n, exp w)) element by element; the second may lack leading axes.
CT_MAKES(ct_gaussian_divergence, CTTensor mean, CTTensor logVariance, CTTensor priorMean,
         CTTensor priorLogVariance)
/// The halves of x [..., 2 N]: the first as it is, the second x within ±limit, ±(limit + log(1 + |x| − limit)) beyond.
bool ct_gaussian_parameters(CTTensor x, double limit, CTTensor _Nullable *_Nonnull mean,
                            CTTensor _Nullable *_Nonnull logVariance) CT_NOEXCEPT;
/// x · exp(s) + t and Σ s over the last `eventRank` axes, or back: (x − t) · exp(−s) and −Σ s. `map` is twice as long as
/// x along the first of these axes: raw, then t; s = limit · tanh(raw / limit).
bool ct_scale_and_shift(CTTensor x, CTTensor map, double limit, long eventRank, bool isBack,
                        CTTensor _Nullable *_Nonnull value,
                        CTTensor _Nullable *_Nonnull logDeterminant) CT_NOEXCEPT;

// Philox 4×32-10: element i of a draw depends on (seed, stream, position + i) alone.
CT_MAKES(ct_random_normal, const long *shape, long rank, int dtype, uint64_t seed, uint64_t stream,
         uint64_t position)
CT_MAKES(ct_random_uniform, const long *shape, long rank, int dtype, uint64_t seed, uint64_t stream,
         uint64_t position)
/// The same in `rows` equal rows: a row depends on (seed, its own stream, position) and its length alone.
CT_MAKES(ct_random_normal_rows, const long *shape, long rank, int dtype, uint64_t seed, const uint64_t *streams,
         long rows, uint64_t position)
CT_MAKES(ct_random_uniform_rows, const long *shape, long rank, int dtype, uint64_t seed, const uint64_t *streams,
         long rows, uint64_t position)
/// The first 64 bits of the block number `labels[i]` for each label: streams that do not meet.
void ct_philox_streams(uint64_t seed, uint64_t stream, const uint64_t *labels, long count, uint64_t *out) CT_NOEXCEPT;
/// Four 32-bit words: the block number `position`.
void ct_philox_block(uint64_t seed, uint64_t stream, uint64_t position, uint32_t *out) CT_NOEXCEPT;

/// Bytes that the caching allocator holds from the system, and how many of them are in use.
void ct_memory(long *held, long *inUse) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
