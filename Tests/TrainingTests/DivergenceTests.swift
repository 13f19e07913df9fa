import Bounds
import Datasets
import Foundation
import Layers
import Models
import Probability
import Runs
import Tensors
import TestSupport
import Testing
import Training

@Suite("Steps without a finite loss")
struct DivergenceTests {
    /// Batches of two rows in their own order, some of which hold a number that is none.
    static func plan(
        batches: Int, broken: [Int], epochs: Int = 1, _ change: (inout TrainingSettings) -> Void = { _ in }
    ) -> Plan {
        var generator = Generator(seed: 9)
        var values = generator.normal([batches * 2, 4]).array(of: Float.self)
        for batch in broken { values[batch * 8 + 5] = .nan }
        let rows = Tensor(values, shape: [batches * 2, 4])

        var plan = Plan(epochs: epochs) { settings in
            settings.batchSize = 2
            change(&settings)
        }
        plan.configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [8]),
            likelihood: .gaussian(variance: .fixed(1)))
        plan.training = InMemorySource(name: "rows", examples: rows, elementKind: .real)
        plan.validation = nil
        plan.preprocessing = .real
        plan.isShuffled = false
        return plan
    }

    @Test("An objective's own network that is lost ends training at once, with its own mend")
    func discriminator() throws {
        try withTemporaryFolder { folder in
            let sitting = try Plan {
                $0.objective = .factor(
                    FactorLoss.Settings(
                        weight: 1, hidden: [Int](repeating: 16, count: 14), learningRate: 1e3))
            }.begin(in: folder)
            let error = #expect(throws: TrainingError.self) { _ = try sitting.trainer.train() }
            let found = try #require(error)
            #expect(found == .discriminatorDiverged(step: 1))
            let text = "\(found)"
            #expect(text.hasPrefix("step 1: ") && text.hasSuffix("lower its learning rate"))
            #expect(!text.contains("\n"))
            // The first step was taken, and what it made of the model is finite.
            #expect(sitting.trainer.progress.skippedSteps == 0)
            #expect(ModuleState(sitting.model).tensors.allSatisfy { $0.tensor.isFinite().allTrue() })
        }
    }

    @Test("Such a step is left out, counted and told; the others go on", arguments: [0, 1.0])
    func leftOut(gradientLimit: Double) throws {
        try withTemporaryFolder { folder in
            let plan = Self.plan(batches: 6, broken: [2], epochs: 2) {
                $0.averageDecay = 0.9
                $0.gradientLimit = gradientLimit
            }
            let sitting = try plan.begin(in: folder)
            var weights = [sitting.weights]
            var examples: [Int] = []
            var warnings: [String] = []
            let observer = TrainingObserver(
                didStep: {
                    weights.append(sitting.weights)
                    examples.append($0.sums.examples)
                }, didWarn: { warnings.append($0) })
            #expect(try sitting.trainer.train(observer: observer) == .finished)

            let isUnchanged = zip(weights, weights.dropFirst()).map { $0 == $1 }
            #expect(isUnchanged == (0..<12).map { [2, 8].contains($0) })
            #expect(examples == [2, 4, 4, 6, 8, 10, 2, 4, 4, 6, 8, 10])
            #expect(warnings.count == 2)
            #expect(warnings.allSatisfy { $0.contains("not finite") && $0.contains("skipped") })
            #expect(sitting.trainer.progress.step == 12)
            #expect(sitting.trainer.progress.skippedSteps == 2)
            #expect(try sitting.run.values("skippedSteps", of: "train") == [1, 2])
            #expect(try sitting.run.values("elbo", of: "train").allSatisfy { $0.isFinite })
            // Neither rule nor average has seen the skipped steps.
            let checkpoint = try sitting.run.checkpoint(.latest)
            #expect(checkpoint.section("optimizer")["step"]?.scalar() == 10)
            #expect(checkpoint.section("average")["updates"]?.scalar() == 10)
        }
    }

    @Test("Running statistics do not see such a step either, nor validation")
    func statistics() throws {
        try withTemporaryFolder { folder in
            var plan = Self.plan(batches: 6, broken: [2])
            plan.configuration.likelihood = .gaussian(variance: .optimal)
            plan.validation = Self.plan(batches: 2, broken: []).training
            let sitting = try plan.begin(in: folder)
            _ = try sitting.trainer.train()
            let buffers = ModuleState(sitting.model).buffers
            #expect(buffers.map(\.key) == ["decoder.head.runningVariance", "decoder.head.steps"])
            let values = buffers.map { $0.buffer.value.scalar() }
            #expect(values[0].isFinite && values[0] > 0 && values[0] != 1)
            #expect(values[1] == 5)
        }
    }

    @Test("A posterior whose density needs a factorisation is left out alike")
    func lowRank() throws {
        try withTemporaryFolder { folder in
            var plan = Self.plan(batches: 6, broken: [2])
            plan.configuration.posterior = .lowRank(directions: 1)
            let sitting = try plan.begin(in: folder)
            #expect(try sitting.trainer.train() == .finished)
            #expect(sitting.trainer.progress.skippedSteps == 1)
        }
    }

    /// Trains until it fails, and gives the error with the step of the checkpoint that is left.
    private func failure(of plan: Plan) throws -> (error: TrainingError, step: Int, isFinite: Bool) {
        try withTemporaryFolder { folder in
            let sitting = try plan.begin(in: folder)
            try sitting.trainer.saveStart()
            let error = #expect(throws: TrainingError.self) { _ = try sitting.trainer.train() }
            let left = try Remains(of: sitting.run).progress.step
            let tensors = try sitting.run.checkpoint(.latest).tensors
            return (
                try #require(error), left,
                tensors.allSatisfy { !$0.tensor.dtype.isFloatingPoint || $0.tensor.isFinite().allTrue() }
            )
        }
    }

    @Test("A run that skips most of its steps ends with an error, and keeps the checkpoint of before")
    func mostSkipped() throws {
        let found = try failure(of: Self.plan(batches: 9, broken: [0, 1, 3, 4, 6, 7]))
        #expect(found.error == .mostStepsSkipped(6, of: 9))
        #expect(found.step == 0 && found.isFinite)
        #expect("\(found.error)".contains("lower the learning rate"))
    }

    @Test("A run whose validation is lost at the end does too")
    func validationLost() throws {
        var plan = Self.plan(batches: 6, broken: [])
        plan.validation = Self.plan(batches: 2, broken: [1]).training
        let found = try failure(of: plan)
        #expect(found.error == .validationNotFinite(step: 6))
        #expect(found.step == 0 && found.isFinite)
    }

    @Test("Weights that are not finite are never saved")
    func weightsLost() throws {
        let plan = Self.plan(batches: 2, broken: [], epochs: 3) {
            $0.optimizer = .sgd
            $0.learningRate = 1e3
            $0.keepEvery = 1
        }
        try withTemporaryFolder { folder in
            let sitting = try plan.begin(in: folder)
            try sitting.trainer.saveStart()
            let weight = ModuleState(sitting.model).parameters[0]
            let observer = TrainingObserver(didStep: { _ in weight.parameter.value.copy(from: Tensor(.nan)) })
            let error = #expect(throws: TrainingError.self) {
                _ = try sitting.trainer.train(observer: observer) { true }
            }
            #expect(error == .weightsNotFinite(step: 1, name: weight.key))
            #expect(try Remains(of: sitting.run).progress.step == 0)
        }
    }

    @Test("A run that ends worse than it began says so, a healthy one does not", arguments: [1e-3, 5])
    func worse(learningRate: Double) throws {
        try withTemporaryFolder { folder in
            let sitting = try Self.plan(batches: 6, broken: []) { $0.learningRate = learningRate }.begin(
                in: folder)
            try sitting.trainer.saveStart()
            var warnings: [String] = []
            _ = try sitting.trainer.train(observer: TrainingObserver(didWarn: { warnings.append($0) }))
            #expect(warnings.contains { $0.contains("worse than at its start") } == (learningRate > 1))
        }
    }

    @Test("The running variance of averaged weights is the squared error of these weights")
    func averagedStatistics() throws {
        try withTemporaryFolder { folder in
            var plan = Self.plan(batches: 6, broken: [], epochs: 2) { $0.averageDecay = 0.5 }
            plan.configuration.likelihood = .gaussian(variance: .optimal)
            let sitting = try plan.begin(in: folder)
            _ = try sitting.trainer.train()
            let average = try sitting.run.checkpoint(.latest).section("average")
            let variance = try #require(average["decoder.head.runningVariance/average"]).scalar()
            let model = sitting.model
            let state = ModuleState(model)
            try state.load(
                Dictionary(
                    uniqueKeysWithValues: state.tensors.map { key, _ in (key, average[key + "/average"]!) }))
            let noise = Generator(seed: plan.seed).child(4).child(named: "training").child(12)
                .child(named: "statistics")
            let batches = (0..<6).map { batch -> Double in
                let examples = try! plan.training.batch(batch * 2..<batch * 2 + 2)
                return withoutGradients {
                    let trace = model.trace(of: examples, using: noise)
                    let mean = (trace.likelihood as! DiagonalGaussian).mean
                    return (mean - examples.examples).squared().mean().scalar()
                }
            }
            expectClose(variance, batches.reduce(0, +) / 6, relative: 1e-4)
        }
    }

    @Test(
        "Fewer than ten in a row do not end training",
        arguments: [Array(1..<10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]])
    func few(broken: [Int]) throws {
        try withTemporaryFolder { folder in
            let sitting = try Self.plan(batches: 24, broken: broken).begin(in: folder)
            #expect(try sitting.trainer.train() == .finished)
            #expect(sitting.trainer.progress.skippedSteps == broken.count)
        }
    }

    @Test(
        "Ten in a row do, also over the end of an epoch, with advice",
        arguments: [(Array(1..<11), 10), ([0, 1, 2, 3, 4, 7, 8, 9, 10, 11], 16)])
    func diverged(broken: [Int], step: Int) throws {
        try withTemporaryFolder { folder in
            let sitting = try Self.plan(batches: 12, broken: broken, epochs: 2).begin(in: folder)
            var warnings = 0
            let observer = TrainingObserver(didWarn: { _ in warnings += 1 })
            let error = #expect(throws: TrainingError.self) {
                _ = try sitting.trainer.train(observer: observer)
            }
            let found = try #require(error)
            #expect(found == .diverged(step: step, inARow: 10))
            let text = "\(found)"
            for advice in [
                "10 steps in a row", "lower the learning rate", "limit the gradient", "check the data",
            ] {
                #expect(text.contains(advice), "\(advice)")
            }
            #expect(!text.contains("\n"))
            #expect(warnings >= 10)
        }
    }
}
