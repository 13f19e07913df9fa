import Bounds
import Datasets
import Foundation
import Runs
import Tensors
import TestSupport
import Testing
import Training

@Suite("The best epoch")
struct EarlyStoppingTests {
    /// Learns ones and is judged by zeros, so that every epoch is worse than the one before: four steps each.
    static func opposite(epochs: Int, _ change: (inout TrainingSettings) -> Void = { _ in }) -> Plan {
        func source(_ value: Double) -> InMemorySource {
            InMemorySource(
                name: "constant", examples: Tensor(repeating: value, shape: [16, 6], dtype: .uint8),
                elementKind: .binary)
        }
        var plan = Plan(epochs: epochs) { settings in
            settings.batchSize = 4
            settings.learningRate = 0.05
            change(&settings)
        }
        plan.training = source(1)
        plan.validation = source(0)
        return plan
    }

    /// The first epoch is the best; patience counts from the first epoch with the full weight of the rate.
    @Test("Training stops when the bound no longer rises, and keeps the best", arguments: [0, 1, 2])
    func patience(warmUpEpochs: Int) throws {
        try withTemporaryFolder { folder in
            let plan = Self.opposite(epochs: 10) {
                $0.patience = 3
                $0.warmUpEpochs = warmUpEpochs
            }
            let sitting = try plan.begin(in: folder)
            var weights: [[String: [UInt8]]] = []
            let observer = TrainingObserver(didFinishEpoch: { _, _ in weights.append(sitting.weights) })
            #expect(try sitting.trainer.train(observer: observer) == .stoppedEarly)

            let losses = try sitting.run.values("loss", of: "validation")
            let epochs = max(1, warmUpEpochs) + 3
            try #require(losses.count == epochs)
            #expect(losses == losses.sorted() && Set(losses).count == epochs)

            let best = try Remains(of: sitting.run, .best)
            #expect(best.progress.step == 4)
            #expect(best.progress.bestLoss == losses.first)
            #expect(try bits(model(sitting.run, .best)) == weights[0])
            let latest = try Remains(of: sitting.run, .latest)
            #expect(latest.progress.step == 4 * epochs)
            #expect(latest.progress.epochsSinceBest == 3 && latest.progress.isFinished)
            #expect(try bits(model(sitting.run, .latest)) == weights.last)

            // It has ended: there is nothing to go on with, unless it is given more patience.
            #expect(throws: TrainingError.stoppedEarly(epoch: epochs, patience: 3)) {
                _ = try plan.resume(in: folder)
            }
            var patient = plan
            patient.settings.patience = 4
            #expect(try patient.resume(in: folder).trainer.train() == .stoppedEarly)
            #expect(try Remains(of: sitting.run, .latest).progress.step == 4 * (epochs + 1))
        }
    }

    @Test("Patience counts under a weight of the rate that is not 1")
    func weighted() throws {
        try withTemporaryFolder { folder in
            let plan = Self.opposite(epochs: 9) {
                ($0.objective, $0.patience) = (.beta(WeightedRate(weight: 2)), 2)
            }
            let sitting = try plan.begin(in: folder)
            #expect(try sitting.trainer.train() == .stoppedEarly)
        }
    }

    @Test("Without patience all epochs are done, and the best is kept all the same")
    func withoutPatience() throws {
        try withTemporaryFolder { folder in
            let sitting = try Self.opposite(epochs: 5).begin(in: folder)
            #expect(try sitting.trainer.train() == .finished)
            #expect(try Remains(of: sitting.run, .best).progress.step == 4)
            #expect(try Remains(of: sitting.run, .latest).progress.step == 20)
        }
    }

    @Test("Without a validation split the last epoch has both names")
    func withoutValidation() throws {
        try withTemporaryFolder { folder in
            var plan = Plan(epochs: 2) { $0.patience = 1 }
            plan.validation = nil
            let sitting = try plan.begin(in: folder)
            #expect(try sitting.trainer.train() == .finished)
            for name in CheckpointName.standing {
                #expect(try Remains(of: sitting.run, name).progress.step == 8)
                #expect(try bits(model(sitting.run, name)) == sitting.weights)
            }
        }
    }

    /// The average lags behind the weights, which move away from the zeros all the time.
    @Test("Epochs are judged by the averaged weights where there are any")
    func averages() throws {
        try withTemporaryFolder { folder in
            let plain = try Self.opposite(epochs: 4).trained(in: folder, named: "plain")
            let averaged = try Self.opposite(epochs: 4) { $0.averageDecay = 0.9 }
                .trained(in: folder, named: "averaged")
            let bounds = try [averaged, plain].map { try $0.run.values("elbo", of: "validation")[3] }
            #expect(bounds[0] > bounds[1])
            // The weights that training goes on with are back afterwards.
            #expect(averaged.weights == plain.weights)
        }
    }

    /// The weights that a checkpoint holds.
    func model(_ run: RunFolder, _ name: CheckpointName) throws -> [(key: String, tensor: Tensor)] {
        try run.checkpoint(name).section("model").map { ($0.key, $0.value) }
    }
}
