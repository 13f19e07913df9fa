import Layers
import Tensors

/// How a network's output becomes a variance, each guarded so that it is positive and finite.
///
/// Source: CTU BEV033DLE 12; Rutgers CS 461, class 23.
public enum VarianceHead: String, Codable, Sendable, CaseIterable {
    /// σ² = exp(a), a bent to a logarithm beyond ±10.
    case exp
    /// σ² = log(1 + exp a) + floor.
    case softplus
    /// σ² = a² + floor.
    case square
    /// σ² = max(0, a) + floor: without a gradient where a is negative.
    case relu

    /// log σ².
    func logVariance(of a: Tensor) -> Tensor {
        switch self {
        case .exp:
            Tensor.concatenated([a, a], along: -1).gaussianParameters(logVarianceLimit: Self.limit)
                .logVariance
        case .softplus: (a.softplus() + Self.floor).log()
        case .square: (a.squared() + Self.floor).log()
        case .relu: (a.relu() + Self.floor).log()
        }
    }

    /// Mean and log σ² from the two halves of the last axis.
    func parameters(of output: Tensor) -> (mean: Tensor, logVariance: Tensor) {
        if self == .exp { return output.gaussianParameters(logVarianceLimit: Self.limit) }
        let size = output.size(along: -1) / 2
        let halves = output.split([size, size], along: -1)
        return (halves[0], logVariance(of: halves[1]))
    }

    /// Keeps log σ² in the range of `exp`.
    ///
    /// A plain clamp has no gradient outside, so that a unit which strays there never comes back.
    private static let limit = 10.0

    /// About exp(−10), the least that the others allow.
    static let floor = 4.5e-5
}
