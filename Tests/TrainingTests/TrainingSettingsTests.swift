import Bounds
import Foundation
import Settings
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
        rows += contradictions
        return rows
    }()

    /// Settings that do not go together, and numbers of objectives out of their range.
    static let contradictions: [(String, TrainingSettings)] = [
        ("warmUpPeriod", settings { $0.warmUpPeriod = 5 }),
        ("warmUpPeriod", settings { ($0.warmUpEpochs, $0.warmUpPeriod) = (5, 5) }),
        ("encoderLearningRate", settings { $0.encoderLearningRate = 0 }),
        ("objective.parts", settings { ($0.objective, $0.samples) = (.miwae(parts: 2), 3) }),
        ("objective.elboShare", settings { $0.objective = .ciwae(elboShare: 1.5) }),
        ("objective.weight", settings { $0.objective = .beta(WeightedRate(weight: -1)) }),
        (
            "objective.epochs",
            settings { $0.objective = .capacity(CapacityTarget(weight: 1, nats: 1, epochs: -1)) }
        ),
        ("objective.nats", settings { $0.objective = .freeBits(FreeBits(nats: .nan, scope: .unit)) }),
        ("objective.weight", settings { $0.objective = .latentWidth(LatentWidth(weight: 0)) }),
        ("objective.gamma", settings { $0.objective = .factor(FactorLoss.Settings(weight: -1)) }),
        (
            "objective.hidden",
            settings { $0.objective = .factor(FactorLoss.Settings(weight: 1, hidden: [])) }
        ),
        (
            "gradient",
            settings {
                ($0.objective, $0.gradient) = (.beta(WeightedRate(weight: 2)), .doublyReparameterized)
            }
        ),
        ("baseline", settings { $0.baseline = .runningMean }),
        ("baseline", settings { ($0.gradient, $0.baseline) = (.score, .leaveOneOut) }),
        ("rateEstimate", settings { ($0.gradient, $0.rateEstimate) = (.stickingTheLanding, .analytic) }),
        ("rateEstimate", settings { ($0.objective, $0.rateEstimate) = (.iwae, .analytic) }),
        ("backwardSamples", settings { ($0.samples, $0.backwardSamples) = (8, 2) }),
        ("backwardSamples", settings { ($0.objective, $0.samples, $0.backwardSamples) = (.iwae, 8, 8) }),
        ("backwardSamples", settings { ($0.objective, $0.samples, $0.backwardSamples) = (.iwae, 8, 0) }),
        (
            "backwardSamples",
            settings {
                ($0.objective, $0.gradient, $0.samples, $0.backwardSamples) = (.iwae, .score, 8, 2)
            }
        ),
    ]

    /// One of each kind.
    static let objectives: [any ObjectiveRecipe] = [
        .elbo, .iwae, .miwae(parts: 2), .piwae(parts: 2), .ciwae(elboShare: 0.3),
        .beta(WeightedRate(weight: 4)), .capacity(CapacityTarget(weight: 10, nats: 3, epochs: 2)),
        .freeBits(FreeBits(nats: 0.1, scope: .unit)), .freeBits(FreeBits(nats: 0.1, scope: .group)),
        .totalCorrelation(TotalCorrelation(weight: 6)),
        .totalCorrelation(TotalCorrelation(weight: 6, sampling: .stratified)),
        .meanDiscrepancy(MeanDiscrepancy(weight: 10, rateWeight: 0.5)),
        .dipI(weight: 5), .dipII(weight: 5),
        .latentWidth(LatentWidth(weight: 2)),
        .factor(FactorLoss.Settings(weight: 5, hidden: [8], learningRate: 1e-3)),
    ]

    @Test("An objective comes back from JSON with its numbers", arguments: objectives)
    func objective(_ objective: any ObjectiveRecipe) throws {
        let settings = Self.settings {
            $0.objective = objective
            $0.gradient = .score
            $0.baseline = .leaveOneOut
            $0.rateEstimate = .monteCarlo
            $0.encoderLearningRate = 1e-4
            $0.backwardSamples = 3
        }
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(TrainingSettings.self, from: data) == settings)
    }

    @Test("Every registered objective, optimizer and schedule comes back from JSON, by its bare name too")
    func choices() throws {
        for kind in TrainingSettings.objectives.kinds + TrainingSettings.optimizers.kinds
            + TrainingSettings.schedules.kinds
        {
            let choice = kind.init()
            let read = try kind.init(JSONValue(parsing: Data(choice.json.text.utf8)))
            #expect(isEqual(read, choice), "\(kind.kind)")
            try choice.validate()
        }
        for name in TrainingSettings.objectives.names {
            let settings = try TrainingSettings(["objective": .text(name)])
            #expect(settings.json["objective"]?.kind == name)
        }
    }

    @Test(
        "What names no objective is refused",
        arguments: [
            (#""elbow""#, "objective is elbow; this program knows elbo, iwae"),
            ("{}", "objective is {}; allowed"),
            (#"{"kind": "beta", "gamma": 1}"#, "unknown setting 'objective.gamma'"),
            (#"{"kind": "mmd", "kernel": "cauchy"}"#, "objective.kernel is cauchy; allowed: one of"),
        ])
    func malformed(json: String, message: String) throws {
        let text = #"{"objective": \#(json)}"#
        let error = #expect(throws: SettingsError.self) {
            _ = try JSONDecoder().decode(TrainingSettings.self, from: Data(text.utf8))
        }
        #expect(try #require(error).description.hasPrefix(message))
    }

    @Test(
        "Numbers that the arithmetic cannot bear are refused",
        arguments: [
            "epochs": "9223372036854775807", "batchSize": "1e308", "learningRate": "1e-320",
            "gradientLimit": "1e308", "samples": "9223372036854775807", "warmUpEpochs": "9223372036854775807",
            "patience": "9223372036854775807", "encoderLearningRate": "1e308",
        ])
    func extremes(setting: String, value: String) throws {
        let error = #expect(throws: SettingsError.self) {
            _ = try JSONDecoder().decode(
                TrainingSettings.self, from: Data("{\"\(setting)\": \(value)}".utf8))
        }
        #expect(try #require(error).description.hasPrefix("\(setting) is "))
    }

    @Test("What an objective or a gradient asks of the latents is checked")
    func traits() throws {
        let all = Set(LatentTrait.allCases)
        let rows: [(LatentTrait, TrainingSettings)] = [
            (.hasPrior, Self.settings { $0.objective = .beta(WeightedRate(weight: 2)) }),
            (.hasIndependentUnits, Self.settings { $0.objective = Self.objectives[9] }),
            (.hasUnitRates, Self.settings { $0.objective = Self.objectives[7] }),
            (.isDetachable, Self.settings { $0.gradient = .stickingTheLanding }),
            (.isKnownEverywhere, Self.settings { $0.gradient = .score }),
            (
                .hasIndependentDraws,
                Self.settings {
                    ($0.objective, $0.samples, $0.backwardSamples) = (.iwae, 8, 2)
                }
            ),
        ]
        for (trait, settings) in rows {
            try settings.validate(for: all)
            let error = #expect(throws: SettingsError.self) {
                try settings.validate(for: all.subtracting([trait]))
            }
            let text = "\(try #require(error))"
            #expect(text.contains(trait.owners))
        }
        try TrainingSettings().validate(for: [])
    }

    @Test("A value out of its range is refused by name, with what is allowed", arguments: refused)
    func refusal(name: String, settings: TrainingSettings) throws {
        let error = #expect(throws: SettingsError.self) { try settings.validate() }
        let text = "\(try #require(error))"
        #expect(text.hasPrefix("\(name) is "))
        #expect(text.contains("; allowed: "))
        #expect(!text.contains("\n"))
    }

    @Test("A trainer refuses them, too")
    func trainer() throws {
        try withTemporaryFolder { folder in
            _ = #expect(throws: SettingsError.self) {
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
            $0.learningRate = 1e-12
            $0.warmUpEpochs = 0
            $0.gradientLimit = 0
            $0.averageDecay = Double(1).nextDown
            $0.patience = 0
        }.validate()
    }

    @Test(
        "Settings come back from JSON as they were",
        arguments: all(TrainingSettings.optimizers, as: (any OptimizerRecipe).self),
        all(TrainingSettings.schedules, as: (any ScheduleRecipe).self))
    func json(_ optimizer: any OptimizerRecipe, _ schedule: any ScheduleRecipe) throws {
        let settings = Self.settings {
            $0.optimizer = optimizer
            $0.schedule = schedule
            $0.learningRate = 0.1 + 0.2
        }
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(TrainingSettings.self, from: data) == settings)
    }
}
