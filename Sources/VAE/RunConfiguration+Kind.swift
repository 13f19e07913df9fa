import Bounds
import Datasets
import Models
import Tensors
import Training

// What the numbers of a run are, and what its model sees.
extension RunConfiguration {
    /// Why the run's numbers bound no probability of its data, and the remedy; `nil` where they do.
    ///
    /// - Throws: `SettingsError` when the recipe does not describe a model.
    public func kindNote() throws -> String? {
        var weights = Generator(seed: seed)
        return kindNote(traits(of: try model.makeModel(using: &weights)))
    }

    /// Whether the model takes the 8-bit levels of its data for real numbers.
    private var seesBareLevels: Bool { data.preprocessing == .grey && !model.isOverLevels }

    /// What the bound of the data is under a model of this configuration.
    func boundKind(_ traits: ModelTraits) -> BoundKind {
        traits.boundKind(seesBinary: data.preprocessing.isBinary, seesBareLevels: seesBareLevels)
    }

    /// Why the numbers of a model of this configuration bound no probability, and the remedy; `nil` where they do.
    func kindNote(_ traits: ModelTraits) -> String? {
        if let reason = traits.lossReason(seesBinary: data.preprocessing.isBinary) {
            return reason + ": the numbers are a loss, not a likelihood"
        }
        guard boundKind(traits) == .density else { return nil }
        let canDequantize = json["model"]?["dequantization"] != nil
        return BoundKind.densityNote(
            remedy: canDequantize
                ? "train with '--dequantization uniform'"
                : "train the model 'vae' or a flow with '--dequantization uniform'")
    }

    /// What the model sees of the data: grey or color values, zeros and ones, or real numbers.
    public var inputSummary: String { data.preprocessing.summary(of: model.exampleShape) }
}

extension BoundKind {
    /// What numbers of the kind `density` are not, and the remedy.
    package static func densityNote(remedy: String) -> String {
        "a density of 8-bit levels without dequantization: the numbers bound no probability; " + remedy
    }
}

extension TrainingSettings {
    /// The objective, with the number of draws where there are several.
    public var objectiveSummary: String {
        samples == 1 ? objective.summary : "\(objective.summary), \(samples) draws of z"
    }
}
