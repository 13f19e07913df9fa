import Foundation
import Tensors

/// A shift in one direction by how far an outcome lies along another: it presses or stretches across a plane.
///
///     f(z) = z + û t,   t = tanh(wᵀz + b),   det = 1 + (1 − t²) wᵀû
///
/// The map is one-to-one where wᵀû > −1, which û = u + (m(wᵀu) − wᵀu) w / |w|² ensures for every u. We take
/// m(a) = −1 + log(1 + (e − 1) eᵃ), without the factor e − 1 in the paper: now m(0) = 0, so that u = 0 is the identity,
/// and û stays within 2 |u| as w goes to zero. As det = t² + (1 − t²)(1 + m) it has no cancellation.
///
/// Shapes: `[..., size]`; the parameters broadcast against it. Source: Rezende, Mohamed 2015, eq. 10 to 12 and
/// appendix A.1, arXiv:1505.05770.
public struct PlanarMap: InvertibleMap {
    /// û.
    private let step: Tensor
    private let normal: Tensor
    private let offset: Tensor
    /// 1 + wᵀû, positive.
    private let stretch: Tensor

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A map for any numbers.
    ///
    /// - Parameters:
    ///   - step: u, `[..., size]`.
    ///   - normal: w, `[..., size]`.
    ///   - offset: b, `[..., 1]`.
    public init(step: Tensor, normal: Tensor, offset: Tensor) {
        let along = (normal * step).sum(along: -1, keepingAxes: true)
        stretch = (along + log(exp(1) - 1)).softplus()
        // The square of a normal that is zero may be anything: what it divides is zero as well.
        let square = normal.squared().sum(along: -1, keepingAxes: true).clamped(from: 1e-12)
        self.step = step + normal * ((stretch - 1 - along) / square)
        self.normal = normal
        self.offset = offset
    }

    /// f(z).
    public func forward(_ z: Tensor) -> Transformed {
        let bend = ((z * normal).sum(along: -1, keepingAxes: true) + offset).tanh()
        let square = bend.squared()
        let determinant = square + (1 - square) * stretch
        return Transformed(z + step * bend, logDeterminant: determinant.log().squeezed(at: -1))
    }
}
