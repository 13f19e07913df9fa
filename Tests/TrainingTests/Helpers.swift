import Datasets
import Foundation
import Layers
import Models
import Runs
import Settings
import Tensors
import TestSupport
import Testing
import Training

/// Six binary pixels, the first three mostly on and the others mostly off: there is something to learn.
func pixels(_ count: Int, seed: UInt64) -> InMemorySource {
    var generator = Generator(seed: seed)
    let chances = Tensor([Float(0.9), 0.9, 0.9, 0.1, 0.1, 0.1])
    let values = (generator.uniform([count, 6]) .< chances).converted(to: .uint8)
    return InMemorySource(name: "pixels", examples: values, elementKind: .binary)
}

/// Six grey levels, no two examples alike.
func greys(_ count: Int, seed: UInt64) -> InMemorySource {
    var generator = Generator(seed: seed)
    let levels = (generator.uniform([count, 6]) * 255).converted(to: .uint8)
    return InMemorySource(name: "greys", examples: levels, elementKind: .bytes)
}

/// One of each kind of a registry, with its defaults.
func all<Family, Value>(_ registry: Registry<Family>, as type: Value.Type) -> [Value] {
    registry.kinds.compactMap { $0.init() as? Value }
}

/// Everything that a run depends on: by default three epochs of four steps, the last of them on six examples.
struct Plan: Sendable {
    var settings = TrainingSettings()
    var configuration = GaussianVAE.Configuration(
        exampleShape: [6], latents: 2, network: .mlp(hidden: [8]))
    var training: any DataSource = pixels(30, seed: 1)
    var validation: (any DataSource)? = pixels(12, seed: 2)
    var preprocessing = Preprocessing.binary
    var isShuffled = true
    var seed: UInt64 = 1

    init(epochs: Int = 3, _ change: (inout TrainingSettings) -> Void = { _ in }) {
        settings.epochs = epochs
        settings.batchSize = 8
        settings.learningRate = 0.01
        change(&settings)
    }

    /// Begins the run in a folder of its own below `folder`.
    func begin(in folder: URL, named name: String = "run") throws -> Sitting {
        let run = try RunFolder(creating: folder.appendingPathComponent(name), configuration: settings)
        return try sitting(run, weightSeed: seed)
    }

    /// Goes on with the run from its latest checkpoint.
    ///
    /// The model starts with weights of another seed, all of which those of the checkpoint must replace.
    func resume(in folder: URL, named name: String = "run") throws -> Sitting {
        let run = try RunFolder(opening: folder.appendingPathComponent(name))
        let sitting = try sitting(run, weightSeed: seed + 1000)
        try sitting.trainer.resume()
        return sitting
    }

    /// Trains to the end in one sitting.
    func trained(in folder: URL, named name: String = "run") throws -> Sitting {
        let sitting = try begin(in: folder, named: name)
        _ = try sitting.trainer.train()
        return sitting
    }

    private var noise: Generator { Generator(seed: seed).child(4) }

    /// The noise that a trainer draws validation with.
    var validationNoise: Generator { noise.child(named: "validation") }

    private func sitting(_ run: RunFolder, weightSeed: UInt64) throws -> Sitting {
        var weights = Generator(seed: weightSeed)
        let model = try GaussianVAE(configuration, using: &weights)
        let order = Generator(seed: seed).child(3)
        let data = TrainingData(
            training: try BatchLoader(
                training, batchSize: settings.batchSize, shuffledBy: isShuffled ? order : nil),
            validation: try validation.map { try BatchLoader($0, batchSize: settings.batchSize) },
            preprocessing: preprocessing)
        let trainer = try Trainer(
            model, on: data, settings: settings, run: run, using: noise)
        return Sitting(model: model, trainer: trainer, run: run)
    }
}

/// What one call of the program works with.
struct Sitting {
    let model: GaussianVAE
    let trainer: Trainer
    let run: RunFolder

    /// The model's weights, bit for bit.
    var weights: [String: [UInt8]] { bits(ModuleState(model).tensors) }
}

/// What a run leaves on disk, bit for bit, but for the seconds that it took.
struct Remains {
    let tensors: [String: [UInt8]]
    let progress: TrainingProgress
    let records: [MetricsRecord]

    init(of run: RunFolder, _ name: CheckpointName = .latest) throws {
        let checkpoint = try run.checkpoint(name)
        tensors = bits(checkpoint.tensors)
        let text = try #require(checkpoint.metadata["progress"])
        var progress = try JSONDecoder().decode(TrainingProgress.self, from: Data(text.utf8))
        progress.seconds = 0
        self.progress = progress
        records = try run.metrics().map { record in
            var record = record
            record.seconds = 0
            return record
        }
    }
}

/// Expects two runs to have left the same, naming the tensors in which they differ.
func expectSame(
    _ found: RunFolder, _ expected: RunFolder, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for name in CheckpointName.standing {
        let one = try Remains(of: found, name)
        let other = try Remains(of: expected, name)
        let keys = Set(one.tensors.keys).union(other.tensors.keys)
        let differing = keys.filter { one.tensors[$0] != other.tensors[$0] }.sorted()
        #expect(differing == [], "\(name)", sourceLocation: sourceLocation)
        #expect(one.progress == other.progress, "\(name)", sourceLocation: sourceLocation)
        #expect(one.records == other.records, sourceLocation: sourceLocation)
    }
}

/// The bytes of tensors by key.
func bits(_ tensors: [(key: String, tensor: Tensor)]) -> [String: [UInt8]] {
    var bits: [String: [UInt8]] = [:]
    for (key, tensor) in tensors { bits[key] = tensor.withBytes { bytes in [UInt8](bytes) } }
    return bits
}

extension RunFolder {
    /// A number of each epoch's record of a split.
    func values(_ name: String, of split: String) throws -> [Double] {
        try metrics().filter { $0.split == split }.map { record in try #require(record.values[name]) }
    }
}
