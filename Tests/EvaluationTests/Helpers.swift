import Bounds
import Datasets
import Evaluation
import Probability
import Tensors
import TestSupport
import Testing

/// Five examples of the toy that differ, so that a mixed-up axis shows.
let fiveExamples = Tensor(
    [0.2, -0.1, 0.4, 2, 1, -1, -1.5, 0.3, 0.8, 0, 3, 0, -2, -2, 1.5], shape: [5, 3])

/// The toy with the posterior's mean for every draw: its traces are a function of x alone.
final class MeanDraws: LatentVariableModel {
    private let base: LinearGaussianModel

    init(_ base: LinearGaussianModel) { self.base = base }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let posterior = walk.evidence { [base] in AlwaysMean(base: base.posterior(of: $0)) }
        return base.likelihood(of: walk.latent("z", prior: base.prior, posterior: posterior))
    }
}

/// A Gaussian all of whose draws are its mean.
private struct AlwaysMean: Reparameterized, HasClosedFormDivergence {
    let base: DiagonalGaussian

    var eventRank: Int { base.eventRank }
    var shape: [Int] { base.shape }
    var dtype: DType { base.dtype }

    func logProbability(of x: Tensor) -> Tensor { base.logProbability(of: x) }

    func klDivergence(to other: any Distribution) -> Tensor? { base.klDivergence(to: other) }

    func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        Draw(base.mean.broadcast(to: leading + base.shape))
    }
}

/// The toy, which notes how many draws each walk asks for, and of how many examples.
final class NotedWalks: LatentVariableModel {
    private let base: LinearGaussianModel
    /// How many draws each walk has asked for.
    private(set) var requests: [Int] = []
    /// How many examples each walk has had.
    private(set) var counts: [Int] = []

    init(_ base: LinearGaussianModel) { self.base = base }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        requests.append(walk.samples)
        counts.append(walk.count)
        return base(walk)
    }
}

/// The five examples over and over, `[5 repeats, 3]`: each has noise of its own.
func fiveExamples(times repeats: Int) -> Batch {
    Batch(fiveExamples.broadcast(to: [repeats, 5, 3]).reshaped([5 * repeats, 3]))
}

extension Batch {
    /// The batch cut into batches of the given sizes, in order.
    func cut(_ sizes: [Int]) -> [Batch] {
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return self[start..<start + size]
        }
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
    for batch in Batch(x).cut(sizes ?? [x.size(along: 0)]) { evaluator.add(batch) }
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
