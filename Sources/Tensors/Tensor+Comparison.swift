import CTorch

// Elementwise comparison, spelled as SIMD vectors spell it; the result is a mask of dtype bool.
extension Tensor {
    /// Where the elements are equal.
    public static func .== (x: Tensor, y: Tensor) -> Tensor { made(ct_eq(x.handle, y.handle), x, y) }
    /// Where the elements differ.
    public static func .!= (x: Tensor, y: Tensor) -> Tensor { made(ct_ne(x.handle, y.handle), x, y) }
    /// Where the left is less.
    public static func .< (x: Tensor, y: Tensor) -> Tensor { made(ct_lt(x.handle, y.handle), x, y) }
    /// Where the left is not greater.
    public static func .<= (x: Tensor, y: Tensor) -> Tensor { made(ct_le(x.handle, y.handle), x, y) }
    /// Where the left is greater.
    public static func .> (x: Tensor, y: Tensor) -> Tensor { made(ct_gt(x.handle, y.handle), x, y) }
    /// Where the left is not less.
    public static func .>= (x: Tensor, y: Tensor) -> Tensor { made(ct_ge(x.handle, y.handle), x, y) }
    /// Where the elements equal a number.
    public static func .== (x: Tensor, y: Double) -> Tensor { made(ct_eq_scalar(x.handle, y), x) }
    /// Where the elements differ from a number.
    public static func .!= (x: Tensor, y: Double) -> Tensor { made(ct_ne_scalar(x.handle, y), x) }
    /// Where the elements are less than a number.
    public static func .< (x: Tensor, y: Double) -> Tensor { made(ct_lt_scalar(x.handle, y), x) }
    /// Where the elements are at most a number.
    public static func .<= (x: Tensor, y: Double) -> Tensor { made(ct_le_scalar(x.handle, y), x) }
    /// Where the elements are greater than a number.
    public static func .> (x: Tensor, y: Double) -> Tensor { made(ct_gt_scalar(x.handle, y), x) }
    /// Where the elements are at least a number.
    public static func .>= (x: Tensor, y: Double) -> Tensor { made(ct_ge_scalar(x.handle, y), x) }

    /// Both masks.
    public static func .& (x: Tensor, y: Tensor) -> Tensor { made(ct_bitwise_and(x.handle, y.handle), x, y) }
    /// Either mask.
    public static func .| (x: Tensor, y: Tensor) -> Tensor { made(ct_bitwise_or(x.handle, y.handle), x, y) }
    /// The opposite mask.
    public static prefix func .! (x: Tensor) -> Tensor { made(ct_bitwise_not(x.handle), x) }

    /// Where the elements are neither infinite nor NaN.
    public func isFinite() -> Tensor { made(ct_isfinite(handle), self) }
    /// Where the elements are NaN.
    public func isNaN() -> Tensor { made(ct_isnan(handle), self) }

    /// The elements of `other` where `mask` holds, one's own elsewhere.
    public func replacing(with other: Tensor, where mask: Tensor) -> Tensor {
        made(ct_where(mask.handle, other.handle, handle), mask, other, self)
    }

    /// Whether every element is true (not zero).
    public func allTrue() -> Bool { made(ct_all(handle), self).scalar() != 0 }
    /// Whether some element is true (not zero).
    public func anyTrue() -> Bool { made(ct_any(handle), self).scalar() != 0 }
}
