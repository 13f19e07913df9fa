import CTorch

// Elementwise functions.
extension Tensor {
    /// The absolute value.
    public func magnitude() -> Tensor { made(ct_abs(handle), self) }
    /// The smallest whole number not below.
    public func roundedUp() -> Tensor { made(ct_ceil(handle), self) }
    /// The largest whole number not above.
    public func roundedDown() -> Tensor { made(ct_floor(handle), self) }
    /// The nearest whole number, halves to even.
    public func rounded() -> Tensor { made(ct_round(handle), self) }
    /// −1, 0 or 1.
    public func sign() -> Tensor { made(ct_sign(handle), self) }
    /// 1 / x.
    public func reciprocal() -> Tensor { made(ct_reciprocal(handle), self) }
    /// x².
    public func squared() -> Tensor { made(ct_square(handle), self) }
    /// √x.
    public func squareRoot() -> Tensor { made(ct_sqrt(handle), self) }
    /// 1 / √x.
    public func reciprocalSquareRoot() -> Tensor { made(ct_rsqrt(handle), self) }
    /// eˣ.
    public func exp() -> Tensor { made(ct_exp(handle), self) }
    /// eˣ − 1, exact near zero.
    public func expMinusOne() -> Tensor { made(ct_expm1(handle), self) }
    /// The natural logarithm.
    public func log() -> Tensor { made(ct_log(handle), self) }
    /// log(1 + x), exact near zero.
    public func logOnePlus() -> Tensor { made(ct_log1p(handle), self) }
    /// The sine.
    public func sin() -> Tensor { made(ct_sin(handle), self) }
    /// The cosine.
    public func cos() -> Tensor { made(ct_cos(handle), self) }
    /// The hyperbolic tangent.
    public func tanh() -> Tensor { made(ct_tanh(handle), self) }

    /// The logistic function 1 / (1 + e⁻ˣ).
    public func sigmoid() -> Tensor { made(ct_sigmoid(handle), self) }
    /// log σ(x) without underflow.
    public func logSigmoid() -> Tensor { made(ct_log_sigmoid(handle), self) }
    /// log(1 + eˣ), linear where x > 20.
    public func softplus() -> Tensor { made(ct_softplus(handle), self) }
    /// max(x, 0).
    public func relu() -> Tensor { made(ct_relu(handle), self) }
    /// max(x, 0) + slope · min(x, 0).
    public func leakyReLU(slope: Double = 0.01) -> Tensor { made(ct_leaky_relu(handle, slope), self) }
    /// x where positive, α(eˣ − 1) elsewhere.
    public func elu(alpha: Double = 1) -> Tensor { made(ct_elu(handle, alpha), self) }
    /// x Φ(x), Φ the normal distribution function.
    public func gelu() -> Tensor { made(ct_gelu(handle), self) }
    /// x σ(x).
    public func silu() -> Tensor { made(ct_silu(handle), self) }

    /// log |Γ(x)|.
    public func logGamma() -> Tensor { made(ct_lgamma(handle), self) }
    /// The derivative of log Γ.
    public func digamma() -> Tensor { made(ct_digamma(handle), self) }
    /// The error function.
    public func erf() -> Tensor { made(ct_erf(handle), self) }
    /// 1 − erf(x), exact in the tail.
    public func erfc() -> Tensor { made(ct_erfc(handle), self) }
    /// The inverse of the error function.
    public func inverseErf() -> Tensor { made(ct_erfinv(handle), self) }
    /// Φ(x), the normal distribution function, exact in the lower tail, where LibTorch's own is not.
    public func normalCDF() -> Tensor { (self * -0.5.squareRoot()).erfc() * 0.5 }
    /// log Φ(x) of the standard normal, with its digits in the lower tail.
    public func normalLogCDF() -> Tensor { made(ct_special_log_ndtr(handle), self) }
    /// Φ⁻¹(p), the normal quantile.
    public func normalQuantile() -> Tensor { made(ct_special_ndtri(handle), self) }
}
