import Bounds
import Datasets
import Probability
import Tensors

/// The prior of each unit of a code by itself: its center, and its values at given probabilities.
///
/// Quantiles are those of the Gaussian where every latent has one that depends on nothing, and else those of draws.
struct PriorMarginals {
    /// Means or medians, `[units]`.
    let center: Tensor
    private let gaussian: DiagonalGaussian?
    /// Draws in ascending order, `[draws, units]`.
    private let sorted: Tensor?

    /// How many draws stand for a prior without closed form.
    private static let drawCount = 4096

    /// The marginals of a model's prior.
    ///
    /// - Parameters:
    ///   - trained: A model with a prior.
    ///   - class: The class, in a model of classes.
    init(of trained: TrainedModel, class: Int?) {
        let sites = withoutGradients {
            trained.model.trace(
                .generation(1, classes: `class`.map { [$0] }, using: trained.evaluationNoise)
            ).sites
        }
        let priors = sites.compactMap { $0.prior as? DiagonalGaussian }.filter { $0.batchShape.isEmpty }
        if priors.count == sites.count {
            func joined(_ part: (DiagonalGaussian) -> Tensor) -> Tensor {
                .concatenated(
                    priors.map { part($0).broadcast(to: $0.shape).reshaped([-1]).withoutGradient() },
                    along: 0)
            }
            gaussian = DiagonalGaussian(mean: joined(\.mean), logVariance: joined(\.logVariance))
            sorted = nil
            center = gaussian!.mean
        } else {
            var noise = trained.evaluationNoise.child(named: "marginals")
            let classes = `class`.map { [Int](repeating: $0, count: Self.drawCount) }
            let draws = trained.samples(Self.drawCount, classes: classes, using: &noise).codes
            let order = draws.sortedIndices(along: 0)
            sorted = draws.gatheringElements(at: order, along: 0)
            gaussian = nil
            center = sorted!.selected(Self.drawCount / 2, along: 0)
        }
    }

    /// The values of a unit below which the prior holds given probabilities, `[count]`.
    func quantiles(_ probabilities: [Double], ofUnit unit: Int) -> Tensor {
        if let gaussian {
            let scores = Tensor(probabilities.map(Float.init)).normalQuantile()
            return gaussian.mean[.at(unit)] + gaussian.standardDeviation[.at(unit)] * scores
        }
        let places = probabilities.map { Int(($0 * Double(Self.drawCount)).rounded(.down)) }
        return sorted!.selected(unit, along: 1).gathering(
            Tensor(places.map { min(max($0, 0), Self.drawCount - 1) }), along: 0)
    }
}
