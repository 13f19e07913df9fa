import Bounds
import Layers
import Settings
import Tensors
import Training

/// What would not fit into memory; `description` is one line.
public enum MemoryError: Error, Equatable, CustomStringConvertible {
    /// A model with all that its use or its training keeps of it, in bytes.
    case model(parameters: Double, isTrained: Bool, needed: Double, available: Int)
    /// The numbers that a step makes of its batch, in bytes.
    case batch(examples: Int, samples: Int, values: Int, needed: Double, available: Int)

    /// One line: what, its size, what there is, and the mend.
    public var description: String {
        switch self {
        case .model(let parameters, let isTrained, let needed, let available):
            "the model has \(Self.count(parameters)) parameters, which take \(Self.size(needed))"
                + (isTrained ? " with their gradients and what the optimizer keeps" : "")
                + "; \(Self.size(Double(available))) of memory are left; make it smaller"
        case .batch(let examples, let samples, let values, let needed, let available):
            "a step of \(examples) examples with \(samples) draw\(samples == 1 ? "" : "s") of \(values) values each "
                + "takes \(Self.size(needed)) or more; \(Self.size(Double(available))) of memory are left; "
                + "take fewer examples or draws in a step"
        }
    }

    /// Gibibytes.
    private static func size(_ bytes: Double) -> String {
        let tenths = (bytes / Double(1 << 30) * 10).rounded()
        return tenths < 1e6 ? "\(tenths / 10) GiB" : "\(count(tenths / 10)) GiB"
    }

    /// A number for a person to read.
    private static func count(_ number: Double) -> String {
        for (unit, name) in [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")] where number >= unit {
            return "\((number / unit * 10).rounded() / 10) \(name)"
        }
        return "\(Int(number))"
    }
}

extension RunConfiguration {
    /// Refuses a model that would not fit into memory, before anything of it is made.
    ///
    /// - Parameter count: How many examples it is to be trained on; without it, the model is only used.
    /// - Throws: `MemoryError`; `SettingsError` when the recipe does not describe a model.
    package func requireMemory(forTrainingOn count: Int? = nil) throws {
        let available = Engine.availableMemory
        guard available > 0 else { return }
        let (parameters, needed) = try withShapesOnly {
            var weights = Generator(seed: seed)
            let model = try model.makeModel(using: &weights)
            let state = ModuleState(model)
            let own = state.tensors.reduce(0) { $0 + Double($1.tensor.byteCount) }
            return (
                state.parameters.reduce(0) { $0 + Double($1.parameter.value.count) },
                count == nil
                    ? own : try SettingsError.within("training") { try training.bytes(of: model) }
            )
        }
        guard needed <= Double(available) else {
            throw MemoryError.model(
                parameters: parameters, isTrained: count != nil, needed: needed, available: available)
        }
        guard let count else { return }
        let values = model.exampleShape.reduce(1, *)
        let (examples, samples) = (
            min(training.batchSize, count), training.backwardSamples ?? training.samples
        )
        // What the decoder says of each value is the least of what a step makes.
        let step = Double(examples) * Double(samples) * Double(values) * 4
        guard step <= Double(available) else {
            throw MemoryError.batch(
                examples: examples, samples: samples, values: values, needed: step, available: available)
        }
    }
}
