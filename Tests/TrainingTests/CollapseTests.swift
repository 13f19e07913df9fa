import Bounds
import Datasets
import Models
import Runs
import Tensors
import TestSupport
import Testing
import Training

@Suite("Posterior collapse in training")
struct CollapseTests {
    /// After which of some epochs the alarm is raised, by how many units are active.
    @Test(
        "The alarm is raised once for each loss that lasts, and again when half are left",
        arguments: [
            ([0, 0, 0, 0, 0, 0], [2]), ([0, 0, 1, 1, 1], []), ([5, 5, 5, 5], []), ([5, 4, 5, 4, 4], []),
            ([5, 4, 4, 4, 4, 4], [3]), ([8, 6, 6, 6, 5, 4, 3, 3], [3, 6]), ([3, 0, 0, 0, 0], [3]),
            ([8, 7, 7, 7, 8, 7, 7, 7], [3]), ([2, 1, 1, 1, 0, 0, 0], [3, 4]), ([0, 3, 5, 7], []),
            ([0, 0, 0, 10, 20, 20, 0, 0, 0], [2, 8]),
        ] as [([Int], [Int])])
    func watch(active: [Int], alarms: [Int]) {
        var watch = CollapseWatch()
        #expect(active.indices.filter { watch.note(active: active[$0]) } == alarms)
    }

    /// All six pixels on, or all off: one unit can tell which, and gains 3.5 nats by it.
    private static func halves(_ count: Int, seed: UInt64) -> InMemorySource {
        var generator = Generator(seed: seed)
        let isOn = (generator.uniform([count, 1]) .< 0.5).converted(to: .uint8)
        return InMemorySource(
            name: "halves", examples: isOn.broadcast(to: [count, 6]).contiguous(), elementKind: .binary)
    }

    private static func plan(
        weight: Double, isValidated: Bool, _ change: (inout TrainingSettings) -> Void = { _ in }
    ) -> Plan {
        var plan = Plan(epochs: 8) { settings in
            settings.objective = .beta(WeightedRate(weight: weight))
            change(&settings)
        }
        plan.configuration.latents = 1
        plan.configuration.network = .mlp(hidden: [32])
        plan.training = halves(96, seed: 1)
        plan.validation = isValidated ? halves(24, seed: 2) : nil
        return plan
    }

    /// The warnings of a run, and what it leaves in its metrics.
    private func train(_ plan: Plan) throws -> (warnings: [String], active: [Double], alarms: Int) {
        try withTemporaryFolder { folder in
            var warnings: [String] = []
            let sitting = try plan.begin(in: folder)
            _ = try sitting.trainer.train(observer: TrainingObserver(didWarn: { warnings.append($0) }))
            let split = plan.validation == nil ? "train" : "validation"
            let records = try sitting.run.metrics()
            return (
                warnings, try sitting.run.values("activeUnits", of: split),
                records.count { $0.values["collapseAlarm"] == 1 }
            )
        }
    }

    @Test("A model pressed to collapse raises it once, with the mend", arguments: [true, false])
    func collapsed(isValidated: Bool) throws {
        let found = try train(Self.plan(weight: 1000, isValidated: isValidated))
        #expect(found.active.count == 8 && found.active.suffix(3) == [0, 0, 0])
        try #require(found.warnings.count == 1, "\(found.warnings)")
        for part in [
            "0 of 1 latent units are active", "ignores z", "a warm-up of the rate",
            "a lower weight of the rate",
        ] {
            #expect(found.warnings[0].contains(part), "\(found.warnings[0])")
        }
        #expect(found.alarms == 1)
    }

    @Test("A healthy model raises none", arguments: [true, false])
    func healthy(isValidated: Bool) throws {
        let found = try train(Self.plan(weight: 1, isValidated: isValidated) { $0.warmUpEpochs = 2 })
        #expect(found.warnings == [] && found.alarms == 0)
        #expect(found.active.suffix(4) == [1, 1, 1, 1])
    }

    @Test("While the rate's weight grows nothing is told")
    func warmUp() throws {
        let found = try train(Self.plan(weight: 1000, isValidated: true) { $0.warmUpEpochs = 20 })
        #expect(found.warnings == [] && found.alarms == 0)
    }

    @Test("What was told is not told again when a run is resumed")
    func resumed() throws {
        try withTemporaryFolder { folder in
            let plan = Self.plan(weight: 1000, isValidated: true)
            let first = try plan.begin(in: folder)
            var warnings = 0
            let observer = TrainingObserver(didWarn: { _ in warnings += 1 })
            _ = try first.trainer.train(
                observer: observer, shouldStop: { first.trainer.progress.epoch == 6 })
            #expect(warnings == 1)
            let second = try plan.resume(in: folder)
            #expect(second.trainer.progress.collapse == first.trainer.progress.collapse)
            _ = try second.trainer.train(observer: observer)
            #expect(warnings == 1)
        }
    }
}
