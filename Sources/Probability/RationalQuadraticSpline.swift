import Foundation
import Tensors

/// A rising curve through knots in the square [−B, B]², each piece a quotient of quadratics, and the identity outside.
///
///     f(x) = y_k + h [s ξ² + δ_k ξ (1 − ξ)] / [s + (δ_{k+1} + δ_k − 2 s) ξ (1 − ξ)],   ξ = (x − x_k) / w,   s = h / w
///
/// x_k and y_k are the knots on both sides of a piece, w and h its width and height, δ the slopes at the knots, 1 at
/// both ends, so that the slope is continuous everywhere. The inverse is the root of a quadratic, in a form in which no
/// difference of near numbers is left where it matters.
///
/// Shapes: `x` broadcasts against the parameters without their last axis. Source: Durkan, Bekasov, Murray,
/// Papamakarios 2019, eq. 4 to 8, arXiv:1906.04032.
public struct RationalQuadraticSpline: Bijector {
    /// x_k and w, `[..., pieces]`.
    private let starts, widths: Tensor
    /// y_k and h, `[..., pieces]`.
    private let bottoms, heights: Tensor
    /// δ, `[..., pieces + 1]`.
    private let slopes: Tensor
    /// B.
    private let bound: Double

    /// Each element is an outcome.
    public var eventRank: Int { 0 }

    /// A spline for any numbers; zeros make the identity.
    ///
    /// - Parameters:
    ///   - widths: The softmax of them shares out the width 2 B, `[..., pieces]`.
    ///   - heights: The same for the height, `[..., pieces]`.
    ///   - slopes: Their logarithms at the inner knots before a bound, `[..., pieces − 1]`.
    ///   - bound: B.
    public init(widths: Tensor, heights: Tensor, slopes: Tensor, bound: Double = 5) {
        self.widths = Self.shares(widths) * (2 * bound)
        self.heights = Self.shares(heights) * (2 * bound)
        starts = Self.sums(self.widths) - bound
        bottoms = Self.sums(self.heights) - bound
        let inner = ((slopes / Self.logSlopeLimit).tanh() * Self.logSlopeLimit).exp()
        self.slopes = inner.padded([1, 1], value: 1)
        self.bound = bound
    }

    /// f(x), and log f′(x).
    public func forward(_ x: Tensor) -> Transformed {
        // What lies outside goes through the end of the curve and is replaced afterwards: there is no NaN on the way
        // that a gradient could pick up.
        let inside = x.clamped(from: -bound, to: bound)
        let piece = piece(at: inside, among: starts)
        let place = (inside - piece.start) / piece.width
        return joined(
            piece.value(at: place), piece.logSlope(at: place), outside: x)
    }

    /// f⁻¹(y), and −log f′ there.
    public func inverse(_ y: Tensor) -> Transformed {
        let inside = y.clamped(from: -bound, to: bound)
        let piece = piece(at: inside, among: bottoms)
        let place = piece.place(of: inside)
        return joined(
            piece.start + piece.width * place, -piece.logSlope(at: place), outside: y)
    }

    private func joined(_ value: Tensor, _ logSlope: Tensor, outside x: Tensor) -> Transformed {
        // The ends belong to the outside, as a clamp has no gradient there.
        let isOutside = x.magnitude() .>= bound
        return Transformed(
            value.replacing(with: x, where: isOutside),
            logDeterminant: logSlope.replacing(with: Tensor(0, dtype: x.dtype), where: isOutside))
    }

    /// The piece whose lower knot, of `knots`, is the last that does not lie above each element of `x`.
    private func piece(at x: Tensor, among knots: Tensor) -> Piece {
        let count = knots.size(along: -1)
        let isPassed = knots.sliced(along: -1, from: 1, to: count) .<= x.expanded(at: -1)
        let index = isPassed.converted(to: .int64).sum(along: -1, keepingAxes: true)
        func chosen(_ values: Tensor, _ index: Tensor) -> Tensor {
            values.broadcast(to: index.shape.dropLast() + [values.size(along: -1)])
                .gatheringElements(at: index, along: -1).squeezed(at: -1)
        }
        return Piece(
            start: chosen(starts, index), width: chosen(widths, index), bottom: chosen(bottoms, index),
            height: chosen(heights, index), slope: chosen(slopes, index), endSlope: chosen(slopes, index + 1))
    }

    /// Parts of one that add up to it, none below half of an equal part.
    ///
    /// The chord of one of eight pieces is then between 1/9 and 9. With a tenth of an equal part it reached 73, and the
    /// way through five couplings and back, in float32 within ±10, ended 0.002 to 0.2 off.
    private static func shares(_ logits: Tensor) -> Tensor {
        logits.softmax(along: -1) * 0.5 + 0.5 / Double(logits.size(along: -1))
    }

    /// The sum of the elements before each.
    private static func sums(_ values: Tensor) -> Tensor {
        let count = values.size(along: -1)
        return values.cumulativeSum(along: -1).sliced(along: -1, from: 0, to: count - 1).padded([1, 0])
    }

    /// Slopes from 1/4 to 4 at the knots: as much as an affine layer may scale.
    private static let logSlopeLimit = 1.5
}

/// The piece of a spline between two knots, one for each element.
private struct Piece {
    /// x_k and w.
    let start, width: Tensor
    /// y_k and h.
    let bottom, height: Tensor
    /// δ_k and δ_{k+1}.
    let slope, endSlope: Tensor

    /// s.
    private var secant: Tensor { height / width }

    /// δ_{k+1} + δ_k − 2 s.
    private var bend: Tensor { endSlope + slope - secant * 2 }

    /// f at ξ: equation 4.
    func value(at place: Tensor) -> Tensor {
        let product = place * (1 - place)
        let rise = secant * place.squared() + slope * product
        return bottom + height * rise / (secant + bend * product)
    }

    /// log f′ at ξ: equation 5.
    func logSlope(at place: Tensor) -> Tensor {
        let rest = 1 - place
        let product = place * rest
        let numerator = endSlope * place.squared() + secant * product * 2 + slope * rest.squared()
        return secant.log() * 2 + numerator.log() - (secant + bend * product).log() * 2
    }

    /// ξ where f = y: equations 6 to 8.
    func place(of y: Tensor) -> Tensor {
        let rise = y - bottom
        let a = height * (secant - slope) + rise * bend
        let b = height * slope - rise * bend
        let c = -(secant * rise)
        // Positive but for rounding; a root has no gradient at zero.
        let discriminant = (b.squared() - a * c * 4).clamped(from: 1e-30)
        return c * 2 / (-b - discriminant.squareRoot())
    }
}
