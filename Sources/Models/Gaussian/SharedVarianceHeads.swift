import Bounds
import Foundation
import Layers
import Probability
import Tensors

/// N(x | output, σ² I) with one σ² for all elements, trained with the weights.
///
/// What is trained is log σ² over `gain`. Adam moves every parameter by about the learning rate in a step, however
/// steep the loss: at 1e-3, log σ² itself would take three thousand steps to follow the squared error from 0.1 down
/// to 0.005; so it takes three hundred.
final class LearnedVarianceHead: LikelihoodHead {
    /// log σ² / `gain`, guarded as `VarianceHead.exp` does.
    private let scaledLogVariance: Parameter
    private let eventRank: Int

    private static let gain = 10.0
    /// About the variance of grey values in [0, 1], which is the squared error of a decoder that knows nothing yet.
    private static let firstVariance = 0.1

    init(eventRank: Int) {
        scaledLogVariance = Parameter(Tensor(repeating: log(Self.firstVariance) / Self.gain, shape: [1]))
        self.eventRank = eventRank
    }

    func callAsFunction(_ output: Tensor, _ walk: Walk) -> any Likelihood {
        let logVariance = VarianceHead.exp.logVariance(of: scaledLogVariance.value * Self.gain)
        return DiagonalGaussian(mean: output, logVariance: logVariance, eventRank: eventRank)
    }
}

/// N(x | output, σ² I) with the σ² under which the examples are likeliest, their mean squared error.
///
/// In training it is that of the batch, draws included; in use it is the running average of training, so that the
/// likelihood of an example depends neither on itself nor on its company. The average is the plain mean of the first
/// ten steps, which leaves nothing of its start, and then moves a tenth of the way at each step, as that of
/// `BatchNorm2d`.
///
/// Source: Rybkin, Daniilidis, Levine 2021, arXiv:2006.13202.
final class OptimalVarianceHead: LikelihoodHead, ModeDependent {
    /// Whether the variance is the batch's own.
    var isTraining = true
    private let runningVariance = Buffer(.ones([]))
    /// How many steps the average has seen.
    private let steps = Buffer(.zeros([]))
    private let eventRank: Int

    private static let momentum = 0.1

    init(eventRank: Int) {
        self.eventRank = eventRank
    }

    func callAsFunction(_ output: Tensor, _ walk: Walk) -> any Likelihood {
        let inUse = DiagonalGaussian(
            mean: output, logVariance: runningVariance.value.log(), eventRank: eventRank)
        guard isTraining else { return inUse }
        let inTraining = OptimalVarianceGaussian(inUse, leastVariance: VarianceHead.floor)
        walk.afterStep(update(by: inTraining))
        return inTraining
    }

    /// Moves the running variance towards the mean squared error, which is made of two sums.
    private func update(by likelihood: OptimalVarianceGaussian) -> StepUpdate {
        StepUpdate { trace in
            let squares = withoutGradients { (trace.asked! - likelihood.mean).squared() }
            return [squares.sum(), Tensor(Double(squares.count), dtype: squares.dtype)]
        } apply: { [runningVariance, steps] sums in
            let variance = (sums[0] / sums[1]).clamped(from: VarianceHead.floor)
            steps.value.add(Tensor(1))
            // A tensor, as reading the count would wait for the device.
            let weight = steps.value.reciprocal().clamped(from: Self.momentum)
            runningVariance.value.copy(from: runningVariance.value * (1 - weight) + variance * weight)
        }
    }
}
