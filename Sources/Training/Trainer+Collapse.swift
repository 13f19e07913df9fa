import Bounds
import Datasets
import Layers
import Runs
import Tensors

// Posterior collapse, noticed while there is still time.
extension Trainer {
    /// How many training examples tell of the units where there is no validation split.
    private static let exampleLimit = 1000

    /// Unit statistics of the first training examples; only the encoder is run.
    func encodeSome() throws -> UnitStatistics? {
        let source = data.training.source
        let count = min(source.count, Self.exampleLimit)
        return try withModelInUse {
            var units: UnitStatistics?
            for start in stride(from: 0, to: count, by: settings.batchSize) {
                let range = start..<min(start + settings.batchSize, count)
                let batch = try source.batch(range)
                let statistics = withoutGradients {
                    UnitStatistics(
                        of: model.trace(
                            of: data.preprocessing.apply(to: batch, using: validationNoise),
                            using: validationNoise))
                }
                // The model has no units.
                guard let statistics else { return nil }
                units = statistics.joined(with: units)
            }
            return units
        }
    }

    /// Notes how many units are active after an epoch.
    ///
    /// There is no alarm while a warm-up or a target still grows.
    ///
    /// - Parameters:
    ///   - units: Measured after the epoch.
    ///   - record: Takes up the number, and whether the alarm was raised.
    /// - Returns: What to tell, if it is time.
    func watchUnits(_ units: UnitStatistics, noting record: inout MetricsRecord) -> String? {
        let variances = units.variances
        let active = variances.count(where: UnitStatistics.isActive)
        record.values["activeUnits"] = Double(active)
        guard objective.isSettled(at: moment(ofStep: lastStep)) else { return nil }
        var watch = progress.collapse ?? CollapseWatch()
        let isAlarm = watch.note(active: active)
        progress.collapse = watch
        guard isAlarm else { return nil }
        record.values["collapseAlarm"] = 1
        let before = watch.peak > active ? ", after \(watch.peak)" : ""
        let consequence = active == 0 ? "the decoder ignores z" : "the others have collapsed to the prior"
        return "epoch \(progress.epoch): \(active) of \(variances.count) latent units "
            + "\(active == 1 ? "is" : "are") active\(before): \(consequence). What helps: \(settings.remedies)"
    }
}

extension TrainingSettings {
    /// What may bring units back.
    fileprivate var remedies: String {
        let warmUp = [(warmUpEpochs > 0 ? "a longer" : "a") + " warm-up of the rate"]
        return (warmUp + [objective.collapseRemedy, "a decoder that can say less without z"]).joined(
            separator: ", ")
    }
}
