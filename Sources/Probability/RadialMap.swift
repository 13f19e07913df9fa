import Tensors

/// A move towards a point or away from it by how near it is.
///
///     f(z) = z₀ + (z − z₀) (r + m) / (r + α),   r = |z − z₀|
///     det = ((r + m) / (r + α))^(D − 1) · (r² + 2 α r + α m) / (r + α)²
///
/// This is the paper's z + β (z − z₀) / (α + r) with m = α + β, where every m > 0 makes a one-to-one map and no
/// difference of near numbers is left. It is the identity where m = α.
///
/// Shapes: `[..., size]`; the parameters broadcast against it. Source: Rezende, Mohamed 2015, eq. 14 and appendix A.2,
/// arXiv:1505.05770.
public struct RadialMap: InvertibleMap {
    private let centre: Tensor
    /// α.
    private let reach: Tensor
    /// m.
    private let spread: Tensor

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A map for any numbers; the identity where those of reach and spread are equal.
    ///
    /// - Parameters:
    ///   - centre: z₀, `[..., size]`.
    ///   - reach: α before its softplus, `[..., 1]`.
    ///   - spread: m before its softplus, `[..., 1]`.
    public init(centre: Tensor, reach: Tensor, spread: Tensor) {
        self.centre = centre
        self.reach = reach.softplus()
        self.spread = spread.softplus()
    }

    /// f(z).
    public func forward(_ z: Tensor) -> Transformed {
        let away = z - centre
        // Unlike the root of a sum of squares, the norm has a gradient at the centre: zero.
        let radius = away.norm(along: -1, keepingAxes: true)
        let numerator = radius + spread
        let denominator = radius + reach
        let across = (numerator.log() - denominator.log()) * Double(z.size(along: -1) - 1)
        let outwards = radius.squared() + (radius * 2 + spread) * reach
        let logDeterminant = across + outwards.log() - denominator.log() * 2
        return Transformed(
            centre + away * (numerator / denominator), logDeterminant: logDeterminant.squeezed(at: -1))
    }
}
