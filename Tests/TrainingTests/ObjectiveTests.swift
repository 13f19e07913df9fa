import Bounds
import Datasets
import Foundation
import Layers
import Runs
import Settings
import Tensors
import TestSupport
import Testing
import Training

@Suite("Training with each objective")
struct ObjectiveTests {
    @Test("Every objective learns in finite steps", arguments: TrainingSettingsTests.objectives)
    func objective(_ objective: any ObjectiveRecipe) throws {
        try withTemporaryFolder { folder in
            let plan = Plan(epochs: 2) { ($0.objective, $0.samples) = (objective, 2) }
            let sitting = try plan.begin(in: folder)
            let before = sitting.weights
            #expect(try sitting.trainer.train() == .finished)
            #expect(sitting.trainer.progress.skippedSteps == 0)
            #expect(sitting.weights != before)
        }
    }

    @Test(
        "Every gradient does", arguments: TrainingSettings.GradientKind.allCases,
        [.elbo, .iwae, .piwae(parts: 2), .ciwae(elboShare: 0.5)] as [any ObjectiveRecipe])
    func gradient(
        _ gradient: TrainingSettings.GradientKind, _ objective: any ObjectiveRecipe
    ) throws {
        try withTemporaryFolder { folder in
            let plan = Plan(epochs: 2) {
                ($0.objective, $0.gradient, $0.samples) = (objective, gradient, 4)
                $0.baseline = gradient == .score ? .leaveOneOut : nil
            }
            let trainer = try plan.trained(in: folder).trainer
            #expect(trainer.progress.skippedSteps == 0)
        }
    }

    @Test(
        "A backward pass of a few draws learns",
        arguments: TrainingSettings.GradientKind.allCases.filter { $0 != .score })
    func resampled(_ gradient: TrainingSettings.GradientKind) throws {
        try withTemporaryFolder { folder in
            let plan = Plan(epochs: 6) {
                ($0.objective, $0.gradient, $0.samples, $0.backwardSamples) = (.iwae, gradient, 8, 2)
            }
            let elbos = try plan.trained(in: folder).run.values("elbo", of: "validation")
            #expect(elbos.last! > elbos[0] + 1, "\(elbos)")
        }
    }

    @Test("A running mean goes on where it was when a run is resumed")
    func runningMean() throws {
        try withTemporaryFolder { folder in
            let plan = Plan {
                ($0.gradient, $0.baseline) = (.score, .runningMean)
            }
            let whole = try plan.trained(in: folder, named: "whole").run
            let first = try plan.begin(in: folder, named: "cut")
            var steps = 0
            let outcome = try first.trainer.train(shouldStop: {
                steps += 1
                return steps == 5
            })
            #expect(outcome == .interrupted)
            let second = try plan.resume(in: folder, named: "cut")
            #expect(second.trainer.progress.averageLoss != nil)
            _ = try second.trainer.train()
            try expectSame(second.run, whole)
        }
    }

    @Test("The rate of the draws is another number than the analytic one, and both train")
    func rate() throws {
        try withTemporaryFolder { folder in
            let rates = try RateEstimate.allCases.map { estimate in
                let run = try Plan { $0.rateEstimate = estimate }.trained(in: folder, named: "\(estimate)")
                    .run
                return try run.values("rate", of: "train")
            }
            #expect(rates[0] != rates[1])
        }
    }

    @Test("An encoder with a learning rate of its own moves by that, and resumes")
    func encoderRate() throws {
        try withTemporaryFolder { folder in
            // So short that float32 steps of size one lose it.
            let plan = Plan { $0.encoderLearningRate = 1e-12 }
            let sitting = try plan.begin(in: folder)
            let state = ModuleState(sitting.model)
            let before = state.tensors.map { ($0.key, $0.tensor.copy()) }
            var steps = 0
            _ = try sitting.trainer.train(shouldStop: {
                steps += 1
                return steps == 5
            })
            for ((key, old), (_, new)) in zip(before, state.tensors) where !key.hasSuffix("bias") {
                #expect((old .== new).allTrue() == key.hasPrefix("encoder."), "\(key)")
            }
            let resumed = try plan.resume(in: folder).trainer
            #expect(try resumed.train() == .finished)
        }
    }

    @Test("A learning rate for an encoder that is frozen is refused")
    func frozenEncoder() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: SettingsError.self) {
                _ = try Plan { ($0.encoderLearningRate, $0.frozen) = (1e-3, ["encoder"]) }.begin(in: folder)
            }
            #expect("\(error!)".hasPrefix("encoderLearningRate is "))
        }
    }

    /// Every epoch's rank is written; whichever is the lowest must be the best, for each objective that there is.
    @Test(
        "Epochs are ranked by the loss that the objective declares",
        arguments: TrainingSettingsTests.objectives)
    func ranking(_ objective: any ObjectiveRecipe) throws {
        try withTemporaryFolder { folder in
            let plan = Plan(epochs: 5) {
                ($0.objective, $0.samples, $0.warmUpEpochs) = (objective, 2, 2)
                $0.learningRate = 0.03
            }
            let run = try plan.trained(in: folder).run
            let losses = try run.values("loss", of: "validation")
            let best = try Remains(of: run, .best).progress
            #expect(best.bestLoss == losses.min())
            #expect(best.epoch == losses.firstIndex(of: losses.min()!)! + 1)
            let elbos = try run.values("elbo", of: "validation")
            let isRankedByELBO = objective is FactorLoss.Settings || objective is ELBORecipe
            for (loss, elbo) in zip(losses, elbos) where isRankedByELBO {
                expectClose(loss, -elbo, relative: 1e-5)
            }
        }
    }

    @Test("The loss of an epoch is that of the weights that the run ends with", arguments: [1, 4.0])
    func finalWeights(weight: Double) throws {
        try withTemporaryFolder { folder in
            let run = try Plan(epochs: 4) {
                $0.objective = .beta(WeightedRate(weight: weight))
                $0.warmUpEpochs = 3
            }.trained(in: folder)
            let distortions = try run.run.values("distortion", of: "validation")
            let rates = try run.run.values("rate", of: "validation")
            let losses = try run.run.values("loss", of: "validation")
            for place in losses.indices {
                expectClose(losses[place], distortions[place] + weight * rates[place], relative: 1e-6)
            }
        }
    }

    /// log 1/K Σ w lies above 1/K Σ log w of the same draws; the ELBO in the metrics has the rate in closed form instead.
    @Test("An importance-weighted run is ranked by its own bound, above the ELBO of the same draws")
    func importanceWeighted() throws {
        try withTemporaryFolder { folder in
            let plan = Plan(epochs: 4) { ($0.objective, $0.samples) = (.iwae, 16) }
            let sitting = try plan.trained(in: folder)
            let loss = try #require(try sitting.run.values("loss", of: "validation").last)
            let source = try #require(plan.validation)
            let batch = plan.preprocessing.apply(
                to: try source.batch(0..<source.count), using: plan.validationNoise)
            let weights = withoutGradients {
                sitting.model.trace(of: batch, samples: 16, using: plan.validationNoise).logWeights()
            }
            let bound = (weights.logSumExp(along: 0) - log(16.0)).mean()
            expectClose(-loss, bound.scalar(), relative: 1e-5)
            #expect(-loss > weights.mean().scalar())
        }
    }
}
