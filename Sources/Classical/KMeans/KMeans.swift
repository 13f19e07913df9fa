import Bounds
import Foundation
import Tensors

/// Centres that stand for rows of numbers: a vector quantiser, and a model with an encoder without doubt.
///
///     q(z | x) = the nearest centre,   p(z) = 1 / K,   p(x | z) = N(x | c_z, σ² I)
///     −ELBO(x) = |x − c|² / 2σ² + ½ D log 2πσ² + log K
///
/// The bound misses log p(x) of the mixture of these Gaussians by −log p(z = c | x): the doubt that the encoder denies.
public struct KMeans: Sendable {
    /// The codebook, float64 `[components, size]`.
    public let centres: Tensor
    /// σ², which the centres do not depend on: after a fit, that which makes the rows most likely.
    public let variance: Double

    /// Centres with a variance about them.
    ///
    /// - Precondition: `[components, size]`, at least one; a positive variance.
    public init(centres: Tensor, variance: Double) {
        precondition(
            centres.rank == 2 && centres.count > 0 && variance > 0,
            "k-means of centres \(centres.shape) and variance \(variance)")
        self.centres = centres.converted(to: .float64)
        self.variance = variance
    }

    /// How many centres.
    public var components: Int { centres.size(along: 0) }
    /// The numbers in a row.
    public var size: Int { centres.size(along: 1) }

    /// The place of the nearest centre, int64 `[n]`, of rows `[n, size]`.
    public func codes(of x: Tensor) -> Tensor {
        var assignment = CentreAssignment(of: x, centres: components)
        _ = assignment.assign(to: centres)
        return assignment.labels
    }

    /// The centres at the places of codes `[n]`: what the quantiser keeps of each row, `[n, size]`.
    public func decode(_ codes: Tensor) -> Tensor { centres.gathering(codes, along: 0) }

    /// The distance of rows `[n, size]` to every centre, `[n, components]`.
    public func distances(of x: Tensor) -> Tensor {
        inBlocks(of: x, width: components * size) { block in
            (block.expanded(at: 1) - centres).squared().sum(along: -1).squareRoot()
        }
    }

    /// The bound of log p(x), its parts `[n]` in nats.
    public func bound(of x: Tensor) -> Bound {
        let codes = codes(of: x)
        var start = 0
        let squares = inBlocks(of: x, width: size) { block in
            let end = start + block.size(along: 0)
            defer { start = end }
            let kept = decode(codes.sliced(along: 0, from: start, to: end))
            return (block - kept).squared().sum(along: -1)
        }
        let constant = 0.5 * Double(size) * log(2 * Double.pi * variance)
        let rate = Tensor(repeating: log(Double(components)), shape: squares.shape, dtype: .float64)
        return Bound(distortion: squares / (2 * variance) + constant, rates: [GroupRate("z", rate)])
    }

    /// Draws from the model: a centre for each, and noise about it, `[count, size]`.
    public func sample(_ count: Int, using generator: inout Generator) -> Tensor {
        let codes = (0..<count).map { _ in
            Int(generator.next().multipliedFullWidth(by: UInt64(components)).high)
        }
        let noise = generator.normal([count, size], dtype: .float64)
        return decode(Tensor(codes)) + noise * variance.squareRoot()
    }
}
