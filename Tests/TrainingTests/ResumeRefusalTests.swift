import Foundation
import Layers
import Models
import Runs
import Tensors
import TestSupport
import Testing
import Training

@Suite("Runs that cannot be gone on with")
struct ResumeRefusalTests {
    /// Runs `body` with a folder in which the run of a plan has been interrupted.
    static func withInterrupted(_ plan: Plan, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let outcome = try plan.begin(in: folder).trainer.train(shouldStop: { true })
            try #require(outcome == .interrupted)
            try body(folder)
        }
    }

    @Test("A finished run is refused and more epochs are asked for")
    func finished() throws {
        try withTemporaryFolder { folder in
            let run = try Plan(epochs: 2).trained(in: folder).run
            let before = try run.metrics()
            let error = #expect(throws: TrainingError.self) {
                _ = try Plan(epochs: 2).resume(in: folder)
            }
            let text = "\(try #require(error))"
            #expect(text.contains("all 2 epochs are done") && text.contains("ask for more epochs"))
            // Fewer will not do, either.
            #expect(throws: TrainingError.self) { _ = try Plan(epochs: 1).resume(in: folder) }
            #expect(try run.metrics() == before)
        }
    }

    @Test(
        "The checkpoint of another model is refused by the keys that do not fit",
        arguments: [
            (
                GaussianVAE.Configuration(exampleShape: [6], latents: 2, network: .mlp(hidden: [8, 8])),
                "encoder.hidden.2.weight"
            ),
            (
                GaussianVAE.Configuration(exampleShape: [6], latents: 3, network: .mlp(hidden: [8])),
                "encoder.head.weight (float32[4, 8] for float32[6, 8])"
            ),
        ])
    func otherModel(configuration: GaussianVAE.Configuration, key: String) throws {
        try Self.withInterrupted(Plan()) { folder in
            var other = Plan()
            other.configuration = configuration
            let error = #expect(throws: LayersError.self) { _ = try other.resume(in: folder) }
            let text = "\(try #require(error))"
            #expect(text.contains(key))
        }
    }

    @Test("The checkpoint of another rule is refused by the names of what it remembers")
    func otherRule() throws {
        try Self.withInterrupted(Plan()) { folder in
            let other = Plan { $0.optimizer = .sgd }
            let error = #expect(throws: LayersError.self) { _ = try other.resume(in: folder) }
            let text = "\(try #require(error))"
            #expect(text.contains("encoder.hidden.1.weight/momentum"))
        }
    }

    @Test("A checkpoint without an average is refused where one is wanted")
    func noAverage() throws {
        try Self.withInterrupted(Plan()) { folder in
            let other = Plan { $0.averageDecay = 0.9 }
            let error = #expect(throws: LayersError.self) { _ = try other.resume(in: folder) }
            let text = "\(try #require(error))"
            #expect(text.contains("encoder.hidden.1.weight/average"))
        }
    }

    @Test("A checkpoint that does not say where the run was is refused", arguments: [nil, "", "{}", "3"])
    func noProgress(text: String?) throws {
        try withTemporaryFolder { folder in
            let run = try Plan().begin(in: folder).run
            var checkpoint = Checkpoint()
            checkpoint.add("model", [("weight", Tensor(1))])
            checkpoint.metadata["progress"] = text
            try run.save(checkpoint, step: 0, as: [.latest])
            let error = #expect(throws: TrainingError.self) { _ = try Plan().resume(in: folder) }
            let text = "\(try #require(error))"
            #expect(text.contains("lack the position"))
        }
    }

    @Test(
        "Numbers of the position that no run can have come to are refused by their names",
        arguments: [
            ("epoch", -1), ("step", Int.max), ("batch", -3), ("skippedSteps", Int.max),
            ("epochsSinceBest", -1),
        ])
    func strangePosition(name: String, value: Int) throws {
        try Self.withInterrupted(Plan()) { folder in
            try Self.change(in: folder) { checkpoint in
                let text = try #require(checkpoint.metadata["progress"])
                var progress = try #require(
                    JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
                #expect(progress[name] is Int)
                progress[name] = value
                checkpoint.metadata["progress"] = String(
                    decoding: try JSONSerialization.data(withJSONObject: progress), as: UTF8.self)
            }
            let expected = TrainingError.cannotResume(
                reason: "its '\(name)' is \(value), which no run can have come to")
            #expect(throws: expected) { _ = try Plan().resume(in: folder) }
        }
    }

    @Test("So are counts of the optimizer and the average", arguments: ["optimizer/step", "average/updates"])
    func strangeCount(key: String) throws {
        let plan = Plan { $0.averageDecay = 0.9 }
        try Self.withInterrupted(plan) { folder in
            try Self.change(in: folder) { checkpoint in
                let place = try #require(checkpoint.tensors.firstIndex { $0.key == key })
                checkpoint.tensors[place].tensor = Tensor([Int.max], shape: [])
            }
            let name = key.split(separator: "/")[1]
            #expect(throws: LayersError.count(key: String(name), value: .max)) {
                _ = try plan.resume(in: folder)
            }
        }
    }

    /// Writes the latest checkpoint of a run anew, changed.
    private static func change(in folder: URL, _ change: (inout Checkpoint) throws -> Void) throws {
        let run = try RunFolder(opening: folder.appendingPathComponent("run"))
        var checkpoint = try run.checkpoint(.latest)
        try change(&checkpoint)
        try run.save(checkpoint, step: 1, as: [.latest])
    }

    @Test("A run that has not saved yet is refused by the file that is missing")
    func noCheckpoint() throws {
        try withTemporaryFolder { folder in
            let run = try Plan().begin(in: folder).run
            let expected = RunsError.notARun(path: run.url.path, missing: "checkpoints/latest.safetensors")
            #expect(throws: expected) { _ = try Plan().resume(in: folder) }
        }
    }
}
