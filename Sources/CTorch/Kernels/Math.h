// Elementary functions as polynomials without branches, so that the loops around them vectorise; float32, but for one.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace ct {

/// exp(r) for |r| ≤ ½ ln 2, a polynomial.
inline __attribute__((always_inline)) float exp_rest(float r) {
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return p * r * r + r + 1.0f;
}

/// exp(x) for x ≤ 0, relative error below 2e-7; below −87 the result is exp(−87), about 1.6e-38.
inline __attribute__((always_inline)) float exp_nonpositive(float x) {
    // Written so that NaN takes the bound: casting it to an integer is undefined.
    float within = x > -87.0f ? x : -87.0f;
    float n = __builtin_rintf(within * 1.44269504f);
    // ln 2 in two parts, so that x − n ln 2 keeps its digits.
    float r = (within - n * 0.693359375f) + n * 2.12194440e-4f;
    float y = exp_rest(r) * std::bit_cast<float>((static_cast<int32_t>(n) + 127) << 23);
    return x == x ? y : x;
}

/// The same in float64, relative error below 3e-16; below −708 the result is exp(−708), about 3e-308.
inline __attribute__((always_inline)) double exp_nonpositive(double x) {
    double within = x > -708.0 ? x : -708.0;
    double n = __builtin_rint(within * 1.4426950408889634);
    double r = (within - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    // Taylor's, whose next term is below 2e-18 for |r| ≤ ½ ln 2.
    double p = 1.0 / 87178291200;
    p = p * r + 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    double y = (p * r * r + r + 1.0) * std::bit_cast<double>((static_cast<int64_t>(static_cast<int32_t>(n)) + 1023) << 52);
    return x == x ? y : x;
}

/// exp(x) for any x, relative error below 2e-7: exp(−87) below −87, infinite above 88.72, NaN of NaN.
inline __attribute__((always_inline)) float exp_any(float x) {
    // Written so that NaN takes the bound: casting it to an integer is undefined.
    float within = x < 88.72f ? (x > -87.0f ? x : -87.0f) : 88.72f;
    float n = __builtin_rintf(within * 1.44269504f);
    // 2¹²⁸ is no float32, so the power is multiplied in two halves.
    int32_t power = static_cast<int32_t>(n), half = power >> 1;
    float y = exp_rest((within - n * 0.693359375f) + n * 2.12194440e-4f) *
              std::bit_cast<float>((half + 127) << 23) * std::bit_cast<float>((power - half + 127) << 23);
    return x <= 88.72f ? y : x + __builtin_inff();
}

/// tanh(x), relative error below 3e-7; NaN of NaN.
inline __attribute__((always_inline)) float tanh_any(float x) {
    float size = __builtin_fabsf(x), q = x * x;
    // Near zero the quotient loses digits: the polynomial of Cephes.
    float p = -5.70498872745e-3f;
    p = p * q + 2.06390887954e-2f;
    p = p * q - 5.37397155531e-2f;
    p = p * q + 1.33314422036e-1f;
    p = p * q - 3.33332819422e-1f;
    float e = exp_nonpositive(-2.0f * size);
    float far = __builtin_copysignf((1.0f - e) / (1.0f + e), x);
    float y = size < 0.625f ? p * q * x + x : far;
    return x == x ? y : x;
}

/// log(1 + e) for 0 ≤ e ≤ 1 as 2 artanh(e / (2 + e)), relative error below 2e-7 down to the smallest e.
inline __attribute__((always_inline)) float log1p_unit(float e) {
    float s = e / (2.0f + e), q = s * s;
    float p = 1.0f / 13;
    p = p * q + 1.0f / 11;
    p = p * q + 1.0f / 9;
    p = p * q + 1.0f / 7;
    p = p * q + 1.0f / 5;
    p = p * q + 1.0f / 3;
    p = p * q + 1.0f;
    return 2.0f * s * p;
}

/// log(x) for normal positive x: exponent and mantissa in [√½, √2), then the same artanh series.
inline __attribute__((always_inline)) float log_positive(float x) {
    auto bits = std::bit_cast<int32_t>(x) - 0x3f3504f3;
    float exponent = static_cast<float>(bits >> 23);
    float m = std::bit_cast<float>((bits & 0x007fffff) + 0x3f3504f3);
    float s = (m - 1.0f) / (m + 1.0f), q = s * s;
    float p = 1.0f / 9;
    p = p * q + 1.0f / 7;
    p = p * q + 1.0f / 5;
    p = p * q + 1.0f / 3;
    return exponent * 0.693147181f + 2.0f * (s + s * q * p);
}

/// cos and sin of 2πu for u in [0, 1): a quarter turn is reduced exactly, then Taylor to float32's end.
inline __attribute__((always_inline)) void cos_sin_turn(float u, float &cosine, float &sine) {
    float t = u * 4.0f;
    float n = __builtin_rintf(t);
    int32_t quadrant = static_cast<int32_t>(n) & 3;
    float a = (t - n) * 1.57079633f, q = a * a;
    float s = a * (1.0f + q * (-1.66666667e-1f + q * (8.33333333e-3f + q * (-1.98412698e-4f + q * 2.75573192e-6f))));
    float c = 1.0f + q * (-0.5f + q * (4.16666667e-2f + q * (-1.38888889e-3f + q * 2.48015873e-5f)));
    float x = quadrant & 1 ? s : c, y = quadrant & 1 ? c : s;
    cosine = quadrant == 1 || quadrant == 2 ? -x : x;
    sine = quadrant >= 2 ? -y : y;
}

} // namespace ct
