import Bounds
import Foundation
import Models
import Tensors

/// log p(x) of each example by importance sampling, in bounded memory.
///
///     log p(x) ≥ E log 1/K Σ_k p(x, z_k) / q(z_k | x),   z_k ~ q(z | x)
///
/// The K draws are taken in chunks whose decoder outputs stay below a limit; their weights are joined in float64.
/// Units: nats, `[batch]`. Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519.
///
/// - Parameters:
///   - model: Gives the log weights.
///   - x: `[batch, ...]`, preprocessed.
///   - samples: K.
///   - elementLimit: How many decoder outputs may be in memory at once.
///   - generator: Draws z.
/// - Returns: A lower bound of log p(x) in expectation, tight as K grows.
public func importanceWeightedLogLikelihood(
    _ model: any LatentVariableModel, _ x: Tensor, samples: Int, elementLimit: Int = 1 << 22,
    using generator: inout Generator
) -> Tensor {
    precondition(samples > 0, "log p(x) from \(samples) draws")
    let chunk = max(1, min(samples, elementLimit / max(x.count, 1)))
    var sums: [Tensor] = []
    var remaining = samples
    while remaining > 0 {
        let count = min(chunk, remaining)
        let logWeights = model.terms(for: x, samples: count, using: &generator).logWeights()
        sums.append(logWeights.converted(to: .float64).logSumExp(along: 0))
        remaining -= count
    }
    return Tensor.stacked(sums).logSumExp(along: 0) - log(Double(samples))
}
