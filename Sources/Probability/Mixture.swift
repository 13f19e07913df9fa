import Tensors

/// A mixture of the distributions along a batch axis.
///
///     log p(x) = log Σ_k π_k p_k(x)
public struct Mixture: Distribution {
    /// log π up to a constant, `[components]`.
    public let logits: Tensor
    /// p_k, with batch shape `[components]`.
    public let components: any Distribution
    /// That of the components.
    public var eventRank: Int { components.eventRank }

    /// `[batch..., event...]`.
    public var shape: [Int] { components.eventShape }

    /// The type of an outcome's elements.
    public var dtype: DType { components.dtype }

    /// A mixture of given components.
    ///
    /// - Parameters:
    ///   - logits: log π up to a constant, `[components]`.
    ///   - components: With batch shape `[components]`.
    public init(logits: Tensor, components: any Distribution) {
        precondition(logits.rank == 1, "the weights of a mixture are [components], not \(logits.shape)")
        self.logits = logits
        self.components = components
    }

    /// log p(x) of x `[..., event...]`.
    public func logProbability(of x: Tensor) -> Tensor {
        guard let gaussian = gaussianVectors else { return logJoint(of: x).logSumExp(along: -1) }
        let rows = x.reshaped([-1, x.size(along: -1)])
        let logWeights = logits.logSoftmax(along: 0)
        // A few outcomes at a time, as there is a number for each of them and each component.
        let size = max(1, Self.elementLimit / logits.count)
        let parts = stride(from: 0, to: max(1, rows.size(along: 0)), by: size).map { start in
            rows.sliced(along: 0, from: start, to: min(start + size, rows.size(along: 0)))
                .gaussianMixtureLogProbability(
                    logWeights: logWeights, means: gaussian.mean, logVariances: gaussian.logVariance)
        }
        return (parts.count == 1 ? parts[0] : Tensor.concatenated(parts, along: 0)).reshaped(
            x.shape.dropLast())
    }

    /// The components, where they are Gaussian vectors with variances of their own.
    private var gaussianVectors: DiagonalGaussian? {
        guard let gaussian = components as? DiagonalGaussian, gaussian.eventRank == 1,
            gaussian.mean.rank == 2, gaussian.logVariance.shape == gaussian.mean.shape
        else { return nil }
        return gaussian
    }

    /// log π_k p_k(x), x `[..., event...]` → `[..., components]`.
    public func logJoint(of x: Tensor) -> Tensor {
        components.logProbability(of: x.expanded(at: -1 - eventRank)) + logits.logSoftmax(along: 0)
    }

    /// A component for each draw by its weight, then the draw of it.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let count = leading.reduce(1, *)
        if let gaussian = gaussianVectors {
            let chosen = logits.drawnPlaces(along: -1, [count], using: &generator).reshaped([count])
            let draws = DiagonalGaussian(
                mean: gaussian.mean.gathering(chosen, along: 0),
                logVariance: gaussian.logVariance.gathering(chosen, along: 0)
            ).sample(using: &generator)
            return draws.reshaped(leading + draws.shape.dropFirst())
        }
        // All components are drawn from and one is kept, few draws at a time.
        let parts = generator.inParts(of: count, size: Self.chunk) { range, generator in
            let size = range.count
            let chosen = logits.drawnPlaces(along: -1, [size], using: &generator)
            let draws = components.sample([size], using: &generator)
            let places = chosen.reshaped([size] + draws.shape.dropFirst().map { _ in 1 })
                .broadcast(to: [size, 1] + draws.shape.dropFirst(2))
            return draws.gatheringElements(at: places, along: 1).squeezed(at: 1)
        }
        let draws = Tensor.concatenated(parts, along: 0)
        return draws.reshaped(leading + draws.shape.dropFirst())
    }

    private static let chunk = 128
    /// 256 MB in float32.
    private static let elementLimit = 1 << 26
}
