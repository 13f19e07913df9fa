import CTorch

// Elementwise arithmetic with broadcasting. A number takes the tensor's type.
extension Tensor {
    /// Elementwise sum.
    public static func + (x: Tensor, y: Tensor) -> Tensor { made(ct_add(x.handle, y.handle), x, y) }

    /// Elementwise difference.
    public static func - (x: Tensor, y: Tensor) -> Tensor { made(ct_sub(x.handle, y.handle), x, y) }

    /// Elementwise product.
    public static func * (x: Tensor, y: Tensor) -> Tensor { made(ct_mul(x.handle, y.handle), x, y) }

    /// Elementwise quotient.
    public static func / (x: Tensor, y: Tensor) -> Tensor { made(ct_div(x.handle, y.handle), x, y) }

    /// Adds a number to each element.
    public static func + (x: Tensor, y: Double) -> Tensor { made(ct_add_scalar(x.handle, y), x) }

    /// Subtracts a number from each element.
    public static func - (x: Tensor, y: Double) -> Tensor { made(ct_sub_scalar(x.handle, y), x) }

    /// Multiplies each element by a number.
    public static func * (x: Tensor, y: Double) -> Tensor { made(ct_mul_scalar(x.handle, y), x) }

    /// Divides each element by a number.
    public static func / (x: Tensor, y: Double) -> Tensor { made(ct_div_scalar(x.handle, y), x) }

    /// Adds a number to each element.
    public static func + (x: Double, y: Tensor) -> Tensor { y + x }

    /// Subtracts each element from a number.
    public static func - (x: Double, y: Tensor) -> Tensor { made(ct_rsub_scalar(y.handle, x), y) }

    /// Multiplies each element by a number.
    public static func * (x: Double, y: Tensor) -> Tensor { y * x }

    /// Divides a number by each element.
    public static func / (x: Double, y: Tensor) -> Tensor { y.reciprocal() * x }

    /// The negative of each element.
    public static prefix func - (x: Tensor) -> Tensor { made(ct_neg(x.handle), x) }

    /// Replaces the variable by the sum; other names of the old value keep it.
    public static func += (x: inout Tensor, y: Tensor) { x = x + y }

    /// The remainder of division, with the sign of the divisor.
    public func remainder(dividingBy divisor: Double) -> Tensor {
        made(ct_remainder_scalar(handle, divisor), self)
    }

    /// Each element raised to a power.
    public func raised(to power: Double) -> Tensor { made(ct_pow_scalar(handle, power), self) }

    /// Each element raised to the power at its place.
    public func raised(to power: Tensor) -> Tensor { made(ct_pow(handle, power.handle), self, power) }

    /// The larger of the two at each place.
    public func maximum(_ other: Tensor) -> Tensor { made(ct_maximum(handle, other.handle), self, other) }

    /// The smaller of the two at each place.
    public func minimum(_ other: Tensor) -> Tensor { made(ct_minimum(handle, other.handle), self, other) }

    /// Each element moved into the interval; an end may be infinite.
    ///
    /// The gradient outside is zero.
    public func clamped(from low: Double = -.infinity, to high: Double = .infinity) -> Tensor {
        low.isInfinite && high.isInfinite ? self : made(ct_clamp(handle, low, high), self)
    }

    /// log(eˣ + eʸ) without overflow.
    public func logAddingExponential(_ other: Tensor) -> Tensor {
        made(ct_logaddexp(handle, other.handle), self, other)
    }
}

// In place, never recorded: for optimisers and averages.
extension Tensor {
    /// Adds `scale · other` to the elements in place.
    public func add(_ other: Tensor, scaledBy scale: Double = 1) {
        performed(ct_add_in(handle, other.handle, scale), self, other)
    }

    /// Multiplies the elements in place.
    public func multiply(by scale: Double) { performed(ct_scale_in(handle, scale), self) }

    /// Moves the elements by the fraction `weight` of the way towards `other`, in place.
    public func interpolate(towards other: Tensor, by weight: Double) {
        performed(ct_lerp_in(handle, other.handle, weight), self, other)
    }
}
