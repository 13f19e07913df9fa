import Bounds
import Datasets
import Layers
import Tensors

/// One step of learning: encode, draw z, decode, differentiate the loss, update.
public struct LearningStep {
    let model: any LatentVariableModel
    let state: ModuleState
    let objective: any Objective
    let optimizer: any Optimizer
    let gradientLimit: Double
    let rateEstimate: RateEstimate

    /// A step of a model's learning.
    ///
    /// - Parameters:
    ///   - model: Learns.
    ///   - state: The part of the model that learns.
    ///   - objective: The loss.
    ///   - optimizer: Of the same state.
    ///   - gradientLimit: The largest norm of all gradients together; 0 for no limit.
    ///   - rateEstimate: How the bound finds its rates.
    public init(
        _ model: any LatentVariableModel, state: ModuleState, objective: any Objective,
        optimizer: any Optimizer, gradientLimit: Double = 0, rateEstimate: RateEstimate = .analytic
    ) {
        self.model = model
        self.state = state
        self.objective = objective
        self.optimizer = optimizer
        self.gradientLimit = gradientLimit
        self.rateEstimate = rateEstimate
    }

    /// The loss of a step and the bound that it was made of.
    public struct Outcome {
        /// The loss, nats per example.
        public let loss: Double
        /// Distortion and rates of each example of the batch.
        public let bound: Bound
    }

    /// Learns from a batch.
    ///
    /// - Parameters:
    ///   - batch: The examples, preprocessed.
    ///   - samples: Draws of each latent for each example.
    ///   - moment: When; the objective may change with it.
    ///   - learningRate: The step length.
    ///   - noise: Draws the latents; another one for each step.
    /// - Returns: Loss and bound; `nil`, and nothing has changed, when the loss or a gradient is not a finite number.
    /// - Throws: When a part of the objective that learns along has diverged; nothing has changed then either.
    public func callAsFunction(
        on batch: Batch, samples: Int, at moment: Moment, learningRate: Double, using noise: Generator
    ) throws(BoundsError) -> Outcome? {
        var found: Trace?
        let (loss, raw) = state.valueWithGradients {
            // Encode, draw z, decode.
            let trace = self.trace(of: batch, samples: samples, using: noise)
            found = trace
            // Combine distortion and rates.
            return objective.loss(of: trace, at: moment)
        }
        let trace = found!
        // What the step learned from, before the weights that it is made of move.
        let bound = trace.bound
        let changes = trace.updates.map { ($0.apply, $0.sums(trace)) }
        // Before the model's loss is checked, since a diverged network spoils it.
        let learned = try (objective as? any LearningObjective)?.learn(from: trace)
        // Step, unless something is not a number.
        var gradients = raw
        let norm =
            gradientLimit > 0 ? gradients.clip(toGlobalNorm: gradientLimit) : gradients.globalNorm()
        let value: Double = loss.scalar()
        guard value.isFinite && norm.scalar().isFinite else { return nil }
        optimizer.step(gradients: gradients, learningRate: learningRate)
        for (apply, sums) in changes { apply(sums) }
        learned?()
        return Outcome(loss: value, bound: bound)
    }

    /// The trace that the objective is given, with a history unless the objective replays its draws.
    private func trace(of batch: Batch, samples: Int, using noise: Generator) -> Trace {
        let observation = Observation(batch, recordsEvidence: !objective.recordsWalk)
        let walk = Walk.inference(
            of: observation, samples: samples, rateEstimate: rateEstimate, using: noise)
        return objective.recordsWalk ? model.trace(walk) : withoutGradients { model.trace(walk) }
    }
}
