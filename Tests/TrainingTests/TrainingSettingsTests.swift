import Foundation
import TestSupport
import Testing
import Training

@Suite("Settings of training")
struct TrainingSettingsTests {
    static func settings(_ change: (inout TrainingSettings) -> Void) -> TrainingSettings {
        var settings = TrainingSettings()
        change(&settings)
        return settings
    }

    /// What is out of range, with the setting that is to blame.
    static let refused: [(String, TrainingSettings)] = {
        let counts = [0, -1]
        let rates: [Double] = [0, -1e-3, .infinity, .nan]
        let limits: [Double] = [-1, .infinity, .nan]
        let decays: [Double] = [-0.1, 1, 2, .nan]
        var rows: [(String, TrainingSettings)] = [
            ("warmUpEpochs", settings { $0.warmUpEpochs = -1 }), ("patience", settings { $0.patience = -1 }),
        ]
        rows += counts.map { count in ("epochs", settings { $0.epochs = count }) }
        rows += counts.map { count in ("batchSize", settings { $0.batchSize = count }) }
        rows += counts.map { count in ("samples", settings { $0.samples = count }) }
        rows += rates.map { rate in ("learningRate", settings { $0.learningRate = rate }) }
        rows += limits.map { limit in ("gradientLimit", settings { $0.gradientLimit = limit }) }
        rows += decays.map { decay in ("averageDecay", settings { $0.averageDecay = decay }) }
        return rows
    }()

    @Test("A value out of its range is refused by name, with what is allowed", arguments: refused)
    func refusal(name: String, settings: TrainingSettings) throws {
        let error = #expect(throws: TrainingError.self) { try settings.validate() }
        let text = "\(try #require(error))"
        #expect(text.hasPrefix("\(name) is "))
        #expect(text.contains("; allowed: "))
        #expect(!text.contains("\n"))
    }

    @Test("A trainer refuses them, too")
    func trainer() throws {
        try withTemporaryFolder { folder in
            _ = #expect(throws: TrainingError.self) {
                _ = try Plan { $0.learningRate = -1 }.begin(in: folder)
            }
        }
    }

    @Test("The defaults and the ends of the ranges are allowed")
    func allowed() throws {
        try TrainingSettings().validate()
        try Self.settings {
            $0.epochs = 1
            $0.batchSize = 1
            $0.samples = 1
            $0.learningRate = .leastNonzeroMagnitude
            $0.warmUpEpochs = 0
            $0.gradientLimit = 0
            $0.averageDecay = Double(1).nextDown
            $0.patience = 0
        }.validate()
    }

    @Test(
        "Settings come back from JSON as they were", arguments: TrainingSettings.OptimizerKind.allCases,
        TrainingSettings.ScheduleKind.allCases)
    func json(
        _ optimizer: TrainingSettings.OptimizerKind, _ schedule: TrainingSettings.ScheduleKind
    ) throws {
        let settings = Self.settings {
            $0.optimizer = optimizer
            $0.schedule = schedule
            $0.learningRate = 0.1 + 0.2
        }
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(TrainingSettings.self, from: data) == settings)
    }
}
