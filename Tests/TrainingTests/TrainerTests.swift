import Bounds
import Datasets
import Foundation
import Layers
import Models
import Runs
import Tensors
import TestSupport
import Testing
import Training

@Suite("Training")
struct TrainerTests {
    /// In 120 steps pixels that are nine tenths certain come down from 6 log 2 = 4.2 nats to about 2.
    @Test("The bound rises, on both splits")
    func learning() throws {
        try withTemporaryFolder { folder in
            var plan = Plan(epochs: 8)
            plan.training = pixels(120, seed: 1)
            let run = try plan.trained(in: folder).run
            for split in ["train", "validation"] {
                let bounds = try run.values("elbo", of: split)
                #expect(bounds.count == 8)
                #expect(bounds[7] > bounds[0] + 0.5, "\(split): \(bounds)")
            }
        }
    }

    @Test("Each epoch has a record of each split, with its numbers", arguments: [true, false])
    func records(isValidated: Bool) throws {
        try withTemporaryFolder { folder in
            var plan = Plan { $0.warmUpEpochs = 2 }
            if !isValidated { plan.validation = nil }
            let run = try plan.trained(in: folder).run
            let records = try run.metrics()
            let splits = isValidated ? ["train", "validation"] : ["train"]
            #expect(records.map(\.split) == [splits, splits, splits].flatMap(\.self))
            for (place, record) in records.enumerated() {
                let epoch = place / splits.count + 1
                #expect(record.epoch == Double(epoch) && record.step == 4 * epoch)
                let bound: Set = ["loss", "elbo", "distortion", "rate"]
                let more: Set = ["learningRate", "rateWeight", "skippedSteps"]
                let units: Set = record.split == splits.last ? ["activeUnits", "informativeUnits"] : []
                let expected = bound.union(record.split == "train" ? more : []).union(units)
                #expect(Set(record.values.keys) == expected)
                let distortion = try #require(record.values["distortion"])
                let rate = try #require(record.values["rate"])
                #expect(distortion > 0 && rate > 0)
                expectClose(try #require(record.values["elbo"]), -(distortion + rate), relative: 1e-12)
            }
            let seconds = records.map(\.seconds)
            #expect(seconds == seconds.sorted() && seconds[0] > 0)
            #expect(try run.values("skippedSteps", of: "train") == [0, 0, 0])
            // The weight of the epoch's last step: 3, 7 and 11 of a warm-up of eight.
            #expect(try run.values("rateWeight", of: "train") == [0.375, 0.875, 1])
        }
    }

    @Test("An observer hears of every step and epoch, and the run counts them")
    func progress() throws {
        try withTemporaryFolder { folder in
            let sitting = try Plan().begin(in: folder)
            var steps: [TrainingProgress] = []
            var epochs: [Int] = []
            var records: [MetricsRecord] = []
            let observer = TrainingObserver(
                didStep: { steps.append($0) },
                didFinishEpoch: {
                    epochs.append($0.epoch)
                    records += $1
                },
                // The pixels are independent, so that z may rightly say nothing.
                didWarn: { if !$0.contains("latent units") { Issue.record("\($0)") } })
            #expect(try sitting.trainer.train(observer: observer) == .finished)
            #expect(steps.map(\.step) == Array(1...12))
            #expect(steps.map(\.epoch) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
            #expect(steps.map(\.batch) == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
            #expect(steps.map(\.sums.examples) == [8, 16, 24, 30, 8, 16, 24, 30, 8, 16, 24, 30])
            #expect(epochs == [1, 2, 3])
            #expect(try records == sitting.run.metrics())
            // The running average is that of the record, once the epoch is over.
            let averages = [3, 7, 11].map { steps[$0].sums.elbo }
            #expect(try averages == sitting.run.values("elbo", of: "train"))
            let end = sitting.trainer.progress
            #expect(end.step == 12 && end.epoch == 3 && end.batch == 0 && end.isFinished)
            #expect(end.sums.examples == 0 && end.sums.distortion == 0 && end.sums.rates.isEmpty)
        }
    }

    /// The last of the twelve steps in each epoch are numbers 3, 7 and 11; two thirds of the run are eight.
    @Test(
        "The learning rate follows its schedule over the whole run",
        arguments: [
            (.constant, [1, 1, 1]), (.step, [1, 1, 0.1]),
            (.cosine, [3.0, 7, 11].map { (1 + cos(Double.pi * $0 / 12)) / 2 }),
        ] as [(any ScheduleRecipe, [Double])])
    func schedule(_ kind: any ScheduleRecipe, expected: [Double]) throws {
        try withTemporaryFolder { folder in
            let run = try Plan { $0.schedule = kind }.trained(in: folder).run
            expectClose(
                try run.values("learningRate", of: "train"), expected.map { 0.01 * $0 }, relative: 1e-12)
        }
    }

    @Test("An observer may stop, change the rate and add to the records")
    func callbacks() throws {
        try withTemporaryFolder { folder in
            let sitting = try Plan().begin(in: folder)
            let observer = TrainingObserver(
                willRecord: { progress, record in
                    record.split == "validation" ? ["epochTwice": Double(2 * progress.epoch)] : [:]
                },
                shouldStop: { $0.step == 10 }, learningRate: { $0.step < 4 ? $1 : $1 / 2 })
            #expect(try sitting.trainer.train(observer: observer) == .interrupted)
            #expect(try sitting.run.values("learningRate", of: "train") == [0.01, 0.005])
            #expect(try sitting.run.values("epochTwice", of: "validation") == [2, 4])
            #expect(sitting.trainer.progress.step == 10)
        }
    }

    @Test("A step's record is of the weights that the step began with")
    func beforeTheStep() throws {
        let plan = Plan { $0.objective = .iwae }
        var weights = Generator(seed: 1)
        var configuration = plan.configuration
        configuration.prior = .learned
        let model = try GaussianVAE(configuration, using: &weights)
        let state = ModuleState(model)
        let batch = plan.preprocessing.apply(to: try plan.training.batch(0..<8), using: weights)
        let before = withoutGradients { model.trace(of: batch, samples: 2, using: weights).bound.rate }
        let step = LearningStep(
            model, state: state, objective: NegativeMultiSampleBound(.importanceWeighted),
            optimizer: Adam(state))
        let outcome = try #require(
            try step(on: batch, samples: 2, at: Moment(), learningRate: 1, using: weights))
        expectClose(outcome.bound.rate, before, relative: 1e-5)
    }

    @Test("Checkpoints are kept of the epochs that the settings or the observer choose")
    func kept() throws {
        try withTemporaryFolder { folder in
            let sitting = try Plan(epochs: 5) { $0.keepEvery = 2 }.begin(in: folder)
            let observer = TrainingObserver(shouldKeep: { $0.epoch == 1 })
            #expect(try sitting.trainer.train(observer: observer) == .finished)
            let names: [CheckpointName] = [.epoch(1), .epoch(2), .epoch(4)]
            #expect(
                try sitting.run.checkpointNames().filter { !CheckpointName.standing.contains($0) } == names)
            for case .epoch(let epoch) in names {
                #expect(try Remains(of: sitting.run, .epoch(epoch)).progress.step == 4 * epoch)
            }
        }
    }
}
