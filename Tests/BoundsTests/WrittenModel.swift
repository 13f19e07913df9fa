import Bounds
import Datasets
import Layers
import Probability
import Tensors

/// A model that a test writes down as a function of a walk.
final class WrittenModel: LatentVariableModel {
    private let body: (Walk) -> any Distribution

    init(_ body: @escaping (Walk) -> any Distribution) {
        self.body = body
    }

    func callAsFunction(_ walk: Walk) -> any Distribution { body(walk) }
}

extension LatentVariableModel {
    /// The trace of an inference over examples, numbered from 0.
    func trace(
        _ examples: Tensor, samples: Int = 1, rateEstimate: RateEstimate = .analytic, seed: UInt64 = 41
    ) -> Trace {
        trace(
            of: Batch(examples), samples: samples, rateEstimate: rateEstimate, using: Generator(seed: seed))
    }

    /// The trace of given values `[samples, batch, ...]`.
    func trace(_ examples: Tensor, given: [String: Tensor]) -> Trace {
        trace(
            .replay(
                of: Observation(Batch(examples)), samples: given.values.first?.size(along: 0) ?? 1,
                given: given, using: Generator(seed: 0)))
    }
}

extension Regularizer {
    /// The cost of a trace.
    func cost(of trace: Trace, at moment: Moment = Moment()) -> Tensor {
        cost(of: RegularizedLoss(self).sums(of: trace, at: moment), at: moment)
    }
}

extension Tensor {
    /// A Gaussian of variance 1 around this mean, over vectors.
    var unitGaussian: DiagonalGaussian { DiagonalGaussian(mean: self, logVariance: Tensor(0, dtype: dtype)) }
}
