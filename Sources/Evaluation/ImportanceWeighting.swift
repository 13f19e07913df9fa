import Bounds
import Datasets
import Tensors

/// log p(x) of each example by importance sampling, in bounded memory.
///
///     log p(x) ≥ E log 1/K Σ_k p(x, z_k) / q(z_k | x),   z_k ~ q(z | x)
///
/// Units: nats, `[batch]`. Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519.
///
/// - Parameters:
///   - model: Gives the log weights.
///   - batch: The examples, preprocessed.
///   - samples: K.
///   - elementLimit: How many decoder outputs may be in memory at once.
///   - noise: Draws z; parts do not change the draws.
/// - Returns: A lower bound of log p(x) in expectation, tight as K grows.
public func importanceWeightedLogLikelihood(
    _ model: any LatentVariableModel, _ batch: Batch, samples: Int,
    elementLimit: Int = outputLimit, using noise: Generator
) -> Tensor {
    importanceWeightedCurve(
        model, batch, samples: [samples], elementLimit: elementLimit, using: noise
    ).selected(0, along: 0)
}

/// log p(x) of each example by importance sampling with several numbers of draws, the first K of the same draws each.
///
/// As K grows the expectation rises to log p(x); the weights are joined in float64. Examples are taken a few at a time
/// with all their draws, or one at a time with some of them, so that the decoder's outputs stay below a limit; each example
/// is encoded once.
///
/// Units: nats, `[counts, batch]`. Source: Burda, Grosse, Salakhutdinov 2016, theorem 1, arXiv:1509.00519.
///
/// - Parameters:
///   - model: Gives the log weights.
///   - batch: The examples, preprocessed.
///   - counts: The numbers of draws, ascending.
///   - elementLimit: How many decoder outputs may be in memory at once.
///   - noise: Draws z; parts do not change the draws.
/// - Returns: A row for each number of draws.
public func importanceWeightedCurve(
    _ model: any LatentVariableModel, _ batch: Batch, samples counts: [Int],
    elementLimit: Int = outputLimit, using noise: Generator
) -> Tensor {
    let atOnce = batch.drawsAtOnce(elementLimit: elementLimit)
    let parts = batch.parts(drawing: counts.last ?? 0, elementLimit: elementLimit).map { range in
        let observation = Observation(batch[range])
        var sums = WeightSums(notingAt: counts)
        sums.addAll(atOnce: atOnce) {
            model.trace(
                .inference(of: observation, samples: $0.count, startingAt: $0.lowerBound, using: noise)
            ).logWeights()
        }
        return Tensor.stacked(sums.curve)
    }
    return Tensor.concatenated(parts, along: 1)
}

/// 1, 10, 100, … below K, and K: the numbers of draws of a curve.
public func likelihoodCurveSamples(upTo samples: Int) -> [Int] {
    Array(sequence(first: 1) { $0 * 10 }.prefix { $0 < samples }) + [samples]
}
