import Bounds
import Datasets
import Foundation
import Models
import Runs
import TestSupport
import Testing
import Training

@Suite("Going on with a run")
struct ResumeTests {
    /// Everything switched on that has a state of its own: noise, warm-up, average, limit, validation.
    static func plan(epochs: Int = 3, _ change: (inout TrainingSettings) -> Void = { _ in }) -> Plan {
        var plan = Plan(epochs: epochs) { settings in
            settings.samples = 2
            settings.warmUpEpochs = 2
            settings.averageDecay = 0.9
            settings.gradientLimit = 1
            change(&settings)
        }
        plan.training = greys(30, seed: 1)
        plan.validation = greys(12, seed: 2)
        plan.preprocessing = .dynamic
        return plan
    }

    /// Trains in a new sitting after each step of which `isLast` holds, and expects what one sitting leaves.
    static func expectSameRun(_ plan: Plan, sittings expected: Int, until isLast: (Int) -> Bool) throws {
        try withTemporaryFolder { folder in
            let whole = try plan.trained(in: folder, named: "whole").run
            var trainer = try plan.begin(in: folder, named: "parts").trainer
            var sittings = 1
            while try trainer.train(shouldStop: { isLast(trainer.progress.step) }) == .interrupted {
                trainer = try plan.resume(in: folder, named: "parts").trainer
                sittings += 1
                try #require(sittings <= expected)
            }
            #expect(sittings == expected)
            try expectSame(RunFolder(opening: folder.appendingPathComponent("parts")), whole)
        }
    }

    @Test(
        "A run interrupted in an epoch goes on bit for bit, under every rule and schedule",
        arguments: all(TrainingSettings.optimizers, as: (any OptimizerRecipe).self),
        all(TrainingSettings.schedules, as: (any ScheduleRecipe).self))
    func rules(
        _ optimizer: any OptimizerRecipe, _ schedule: any ScheduleRecipe
    ) throws {
        let plan = Self.plan {
            $0.optimizer = optimizer
            $0.schedule = schedule
        }
        try Self.expectSameRun(plan, sittings: 2) { $0 == 6 }
    }

    /// Four steps make an epoch: after 4, 8 and 12 all of its batches are used, but it is not closed.
    @Test(
        "It goes on after any step, the first and the last of an epoch and of the run",
        arguments: [1, 4, 5, 11, 12])
    func places(step: Int) throws {
        try Self.expectSameRun(Self.plan(), sittings: 2) { $0 == step }
    }

    @Test("A run interrupted after every step is the same run")
    func everyStep() throws {
        try Self.expectSameRun(Self.plan(), sittings: 13) { _ in true }
    }

    @Test("Running statistics, which no gradient trains, go on as well")
    func statistics() throws {
        var plan = Self.plan()
        plan.configuration.likelihood = .gaussian(variance: .optimal)
        try Self.expectSameRun(plan, sittings: 2) { $0 == 6 }
    }

    @Test("What an objective has learnt itself goes on as well, from any step")
    func discriminator() throws {
        let plan = Self.plan {
            $0.objective = .factor(FactorLoss.Settings(weight: 5, hidden: [8], learningRate: 1e-2))
        }
        try Self.expectSameRun(plan, sittings: 13) { _ in true }
        try withTemporaryFolder { folder in
            let run = try plan.trained(in: folder).run
            let keys = try run.checkpoint(.latest).section("objective").keys.sorted()
            #expect(keys.contains("discriminator/layers.0.weight"), "\(keys)")
            #expect(keys.contains("optimizer/step"), "\(keys)")
            #expect(
                try !run.checkpoint(.latest).section("model").keys.contains { $0.contains("discriminator") })
        }
    }

    @Test("A finished run given more epochs is one that had them from the start")
    func moreEpochs() throws {
        try withTemporaryFolder { folder in
            let whole = try Self.plan(epochs: 4).trained(in: folder, named: "whole").run
            _ = try Self.plan(epochs: 2).trained(in: folder, named: "parts")
            let sitting = try Self.plan(epochs: 4).resume(in: folder, named: "parts")
            #expect(sitting.trainer.progress.epoch == 2)
            #expect(try sitting.trainer.train() == .finished)
            try expectSame(sitting.run, whole)
        }
    }

    @Test("Metrics written after the checkpoint, as a crash leaves them, are forgotten")
    func crash() throws {
        try withTemporaryFolder { folder in
            let sitting = try Self.plan().begin(in: folder)
            let trainer = sitting.trainer
            #expect(try trainer.train(shouldStop: { trainer.progress.step == 6 }) == .interrupted)
            let before = try sitting.run.metrics()
            #expect(before.map(\.step) == [4, 4])
            try sitting.run.append(
                MetricsRecord(step: 8, epoch: 2, split: "train", seconds: 1, values: ["elbo": -1]))
            _ = try Self.plan().resume(in: folder)
            #expect(try sitting.run.metrics() == before)
        }
    }

    @Test("Seconds add up over the sittings")
    func seconds() throws {
        try withTemporaryFolder { folder in
            let trainer = try Self.plan().begin(in: folder).trainer
            _ = try trainer.train(shouldStop: { trainer.progress.step == 6 })
            let resumed = try Self.plan().resume(in: folder).trainer
            #expect(resumed.progress.seconds > 0)
            #expect(resumed.progress.seconds == trainer.progress.seconds)
            _ = try resumed.train()
            #expect(resumed.progress.seconds > trainer.progress.seconds)
        }
    }
}
