import Bounds
import Evaluation
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// Five examples of the toy that differ, so that a mixed-up axis shows.
let fiveExamples = Tensor(
    [0.2, -0.1, 0.4, 2, 1, -1, -1.5, 0.3, 0.8, 0, 3, 0, -2, -2, 1.5], shape: [5, 3])

/// The toy with draws of the test's choosing in place of random ones; it notes how many it is asked for.
final class ChosenDraws: LatentVariableModel {
    private let base: LinearGaussianModel
    private let choose: (DiagonalGaussian, Int) -> Tensor
    /// How many draws each call has asked for.
    private(set) var requests: [Int] = []

    /// The toy `base` with draws `[samples, batch, 2]` that `choose` makes of a posterior and their number.
    init(_ base: LinearGaussianModel, choose: @escaping (DiagonalGaussian, Int) -> Tensor) {
        self.base = base
        self.choose = choose
    }

    /// The toy with the posterior's mean for every draw: its terms are a function of x alone.
    static func means(of base: LinearGaussianModel) -> ChosenDraws {
        ChosenDraws(base) { posterior, samples in
            posterior.mean.broadcast(to: [samples] + posterior.mean.shape)
        }
    }

    func latentGroups(for x: Tensor, samples: Int, using generator: inout Generator) -> [LatentGroup] {
        requests.append(samples)
        let posterior = base.posterior(of: x)
        return base.groups(posterior, draws: choose(posterior, samples))
    }

    func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor] {
        base.sampleLatents(count, using: &generator)
    }

    func likelihood(of latents: [Tensor]) -> any Likelihood {
        base.likelihood(of: latents)
    }
}

/// Measures `model` on batches of the given sizes, cut from `x` in order; in one batch without sizes.
func evaluate(
    _ model: any LatentVariableModel, _ x: Tensor, batches sizes: [Int]? = nil, boundSamples: Int = 1,
    importanceSamples: Int = 0, kind: BoundKind = .bound, discreteDimensions: Int? = nil
) -> Evaluation {
    var settings = Evaluator.Settings()
    settings.boundSamples = boundSamples
    settings.importanceSamples = importanceSamples
    var evaluator = Evaluator(model, settings: settings, noise: Generator(seed: 5))
    for batch in x.split(sizes ?? [x.size(along: 0)], along: 0) { evaluator.add(batch) }
    return evaluator.result(split: "test", kind: kind, discreteDimensions: discreteDimensions)
}

/// Expects two estimates to agree but for the rounding of sums in another order.
func expectClose(
    _ actual: Estimate, _ expected: Estimate, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        [actual.mean, actual.standardError], [expected.mean, expected.standardError], relative: 1e-12,
        absolute: 1e-12, comment, sourceLocation: sourceLocation)
}
