import Bounds
import Foundation
import Models
import Tensors

/// log p(x) of each example by importance sampling, in bounded memory.
///
///     log p(x) ≥ E log 1/K Σ_k p(x, z_k) / q(z_k | x),   z_k ~ q(z | x)
///
/// Examples are taken a few at a time with all their K draws, or one at a time with some of them, so that the
/// decoder's outputs stay below a limit and each example is encoded as rarely as can be; the weights of parts are
/// joined in float64.
/// Units: nats, `[batch]`. Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519.
///
/// - Parameters:
///   - model: Gives the log weights.
///   - x: `[batch, ...]`, preprocessed.
///   - classes: Of the examples, where they have some.
///   - samples: K.
///   - elementLimit: How many decoder outputs may be in memory at once.
///   - generator: Draws z.
/// - Returns: A lower bound of log p(x) in expectation, tight as K grows.
public func importanceWeightedLogLikelihood(
    _ model: any LatentVariableModel, _ x: Tensor, classes: [Int]? = nil, samples: Int,
    elementLimit: Int = 1 << 21, using generator: inout Generator
) -> Tensor {
    precondition(samples > 0, "log p(x) from \(samples) draws")
    let batch = x.size(along: 0)
    let outputs = max(1, elementLimit / max(1, x.count / max(1, batch)))
    let examples = max(1, outputs / samples)
    let results = stride(from: 0, to: batch, by: examples).map { first in
        let range = first..<min(first + examples, batch)
        let part = x[.range(range)]
        let model = model.given(classes.map { Array($0[range]) })
        var sums: [Tensor] = []
        var remaining = samples
        while remaining > 0 {
            let count = min(outputs, remaining)
            let logWeights = model.terms(for: part, samples: count, using: &generator).logWeights()
            sums.append(logWeights.converted(to: .float64).logSumExp(along: 0))
            remaining -= count
        }
        return Tensor.stacked(sums).logSumExp(along: 0)
    }
    return Tensor.concatenated(results, along: 0) - log(Double(samples))
}
