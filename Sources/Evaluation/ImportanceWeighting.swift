import Bounds
import Models
import Tensors

/// log p(x) of each example by importance sampling, in bounded memory.
///
///     log p(x) ≥ E log 1/K Σ_k p(x, z_k) / q(z_k | x),   z_k ~ q(z | x)
///
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
    elementLimit: Int = outputLimit, using generator: inout Generator
) -> Tensor {
    importanceWeightedCurve(
        model, x, classes: classes, samples: [samples], elementLimit: elementLimit, using: &generator
    ).selected(0, along: 0)
}

/// log p(x) of each example by importance sampling with several numbers of draws, the first K of the same draws each.
///
/// As K grows the expectation rises to log p(x); the weights are joined in float64. Examples are taken a few at a time
/// with all their draws, or one at a time with some of them, so that the decoder's outputs stay below a limit and each
/// example is encoded as rarely as can be.
///
/// Units: nats, `[counts, batch]`. Source: Burda, Grosse, Salakhutdinov 2016, theorem 1, arXiv:1509.00519.
///
/// - Parameters:
///   - model: Gives the log weights.
///   - x: `[batch, ...]`, preprocessed.
///   - classes: Of the examples, where they have some.
///   - counts: The numbers of draws, ascending.
///   - elementLimit: How many decoder outputs may be in memory at once.
///   - generator: Draws z.
/// - Returns: A row for each number of draws.
public func importanceWeightedCurve(
    _ model: any LatentVariableModel, _ x: Tensor, classes: [Int]? = nil, samples counts: [Int],
    elementLimit: Int = outputLimit, using generator: inout Generator
) -> Tensor {
    let atOnce = x.drawsAtOnce(elementLimit: elementLimit)
    let parts = x.parts(drawing: counts.last ?? 0, elementLimit: elementLimit).map { range in
        let model = model.given(classes.map { Array($0[range]) })
        var sums = WeightSums(notingAt: counts)
        sums.addAll(atOnce: atOnce) {
            model.terms(for: x[.range(range)], samples: $0, using: &generator).logWeights()
        }
        return Tensor.stacked(sums.curve)
    }
    return Tensor.concatenated(parts, along: 1)
}

/// 1, 10, 100, … below K, and K: the numbers of draws of a curve.
public func likelihoodCurveSamples(upTo samples: Int) -> [Int] {
    Array(sequence(first: 1) { $0 * 10 }.prefix { $0 < samples }) + [samples]
}
