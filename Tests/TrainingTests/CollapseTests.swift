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
    /// After which of some epochs the alarm is raised, by how many of ten units carry information.
    @Test(
        "The alarm is raised once for each fall that lasts, and again when a tenth less is left",
        arguments: [
            ([0, 0, 0, 0, 0, 0], [2]), ([0, 0, 4, 4, 4], []), ([5, 5, 5, 5], []), ([6, 4, 6, 4, 4], []),
            ([6, 6, 6, 4, 4, 4, 4], [5]), ([9, 9, 9, 7, 7, 7, 6, 5, 4, 3], [5, 7, 9]),
            ([9, 9, 9, 0, 0, 0, 0], [5]), ([8, 8, 8, 7, 7, 7, 7], []), ([9, 4, 4, 4, 4], []),
            ([8, 8, 8, 6, 6, 6, 8, 6, 6, 6], [5]), ([8, 8, 8, 6, 6, 6, 9, 9, 9, 7, 7, 7], [5, 11]),
            ([0, 3, 5, 7], []), ([3, 3, 3, 3, 3], [2]), ([0, 0, 0, 7, 9, 9, 9, 0, 0, 0], [2, 9]),
        ] as [([Int], [Int])])
    func watch(counts: [Int], alarms: [Int]) {
        var watch = CollapseWatch()
        #expect(counts.indices.filter { watch.note(counts[$0], of: 10, isGraceOver: true) } == alarms)
    }

    @Test("One unit of forty is no fall; down to 26 of 50 it is told five times")
    func tenths() {
        var watch = CollapseWatch()
        let steady = [40, 40, 40, 39, 39, 39, 39, 37, 37, 37]
        #expect(steady.filter { watch.note($0, of: 40, isGraceOver: true) } == [])
        watch = CollapseWatch()
        let counts = [50, 50, 50, 49, 48, 46, 44, 44, 42, 40, 39, 38, 37, 35, 33, 30, 28, 26]
        #expect(
            counts.filter { watch.note($0, of: 50, isGraceOver: true) } == [42, 37, 33, 28])
    }

    @Test("Of a new model nothing is expected within the grace period, but a fall from a peak is told")
    func grace() {
        var watch = CollapseWatch()
        let alarms = (0..<21).filter { watch.note(0, of: 8, isGraceOver: $0 == 20) }
        #expect(alarms == [20])
        watch = CollapseWatch()
        let fall = [8, 8, 8, 2, 2, 2]
        let told = fall.indices.filter { watch.note(fall[$0], of: 8, isGraceOver: false) }
        #expect(told == [5])
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
            "0 of 1 latent units carry information", "ignores z", "more epochs", "a warm-up of the rate",
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
            let before = warnings
            let second = try plan.resume(in: folder)
            #expect(second.trainer.progress.collapse == first.trainer.progress.collapse)
            _ = try second.trainer.train(observer: observer)
            // The run is shorter than the grace period: it is told once, at the end.
            #expect(before == 0 && warnings == 1)
        }
    }

    @Test("An encoder that is frozen is not watched")
    func frozen() throws {
        let plan = Self.plan(weight: 1000, isValidated: true) { $0.frozen = ["encoder"] }
        let found = try train(plan)
        #expect(found.warnings == [] && found.alarms == 0)
    }

    @Test("Only what helps is advised")
    func remedies() {
        #expect(CapacityTarget().collapseRemedy == "a higher capacity")
        #expect(MeanDiscrepancy().collapseRemedy == "a lower weight")
        #expect(ELBORecipe().collapseRemedy == "free bits")
    }
}
