import Bounds
import Layers
import Models
import Tensors

/// One step of learning: what the model says of a batch, the loss, its gradient, and the update.
package struct LearningStep {
    let model: any LatentVariableModel
    let state: ModuleState
    let objective: any Objective
    let optimizer: any Optimizer
    /// The largest norm of all gradients together; 0 for no limit.
    let gradientLimit: Double
    /// How the rate is found.
    let rateEstimate: RateEstimate
    /// How many of the draws go through the backward pass; `nil` for all.
    let backwardSamples: Int?

    /// A step of a model's learning.
    package init(
        _ model: any LatentVariableModel, state: ModuleState, objective: any Objective,
        optimizer: any Optimizer, gradientLimit: Double = 0, rateEstimate: RateEstimate = .analytic,
        backwardSamples: Int? = nil
    ) {
        self.model = model
        self.state = state
        self.objective = objective
        self.optimizer = optimizer
        self.gradientLimit = gradientLimit
        self.rateEstimate = rateEstimate
        self.backwardSamples = backwardSamples
    }

    /// Learns from `x`, `[batch, ...]`, preprocessed.
    ///
    /// - Parameters:
    ///   - x: The examples.
    ///   - classes: Their classes, where they have some.
    ///   - samples: Draws of z for each.
    ///   - moment: When; the objective may change with it.
    ///   - learningRate: How far to go.
    ///   - noise: Draws z.
    /// - Returns: The loss and the parts of the bound; `nil`, and nothing has changed, when the loss or a gradient is
    ///   not a finite number.
    /// - Throws: When what the objective learns itself has gone wrong; nothing has changed then either.
    package func callAsFunction(
        on x: Tensor, classes: [Int]? = nil, samples: Int, at moment: Moment, learningRate: Double,
        using noise: inout Generator
    ) throws(BoundsError) -> (loss: Double, bound: Bound)? {
        var terms: Terms?
        var bound: Bound?
        var updates: [() -> Void] = []
        let (loss, raw) = state.valueWithGradients {
            // Encode, draw z, decode.
            let (said, learnt) = draws(of: model.given(classes), x, samples, at: moment, using: &noise)
            terms = said
            // The KL of the posterior from the prior, and the distortion.
            let parts = said.bound(rateEstimate: rateEstimate)
            bound = parts
            updates += [model.deferredUpdate(from: said)].compactMap { $0 }
            // Combine.
            return objective.loss(of: learnt, bound: parts, at: moment, using: &noise)
        }
        // Before the model's own loss is judged, which a network that has gone wrong spoils.
        updates += [try objective.deferredUpdate(from: terms!, using: &noise)].compactMap { $0 }
        // Step, unless something is not a number.
        var gradients = raw
        let norm =
            gradientLimit > 0 ? gradients.clip(toGlobalNorm: gradientLimit) : gradients.globalNorm()
        let value: Double = loss.scalar()
        guard value.isFinite && norm.scalar().isFinite else { return nil }
        optimizer.step(gradients: gradients, learningRate: learningRate)
        for update in updates { update() }
        return (value, bound!)
    }

    /// All that the model says, and the part of it that is learnt from.
    private func draws(
        of model: any LatentVariableModel, _ x: Tensor, _ samples: Int, at moment: Moment,
        using noise: inout Generator
    ) -> (said: Terms, learnt: Terms) {
        guard let backwardSamples else {
            let said = model.terms(for: x, samples: samples, using: &noise)
            return (said, said)
        }
        let terms = model.terms(
            for: x, samples: samples, keeping: backwardSamples,
            rateWeight: objective.rateWeight(atStep: moment.step), using: &noise)
        return (terms.all, terms.kept)
    }
}
