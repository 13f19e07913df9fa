import Bounds
import Datasets
import Layers
import Runs
import Tensors

// Posterior collapse, noticed while there is still time.
extension Trainer {
    /// Unit statistics of the first training examples; only the encoder is run.
    func encodeSome() throws -> UnitStatistics? {
        try withModelInUse {
            var units: UnitStatistics?
            for batch in try firstBatches(of: data.training).batches() {
                let batch = try batch.get()
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

    /// Notes how many units carry information after an epoch.
    ///
    /// There is no alarm while a warm-up or a target still grows, nor for an encoder that does not learn.
    ///
    /// - Parameters:
    ///   - units: Measured after the epoch.
    ///   - record: Takes up the numbers, and whether the alarm was raised.
    /// - Returns: What to tell, if it is time.
    func watchUnits(_ units: UnitStatistics, noting record: inout MetricsRecord) -> String? {
        let variances = units.variances
        let total = variances.count
        let informative = UnitStatistics.informativeCount(variances: variances, rates: units.meanRates)
        record.values["activeUnits"] = Double(variances.count(where: UnitStatistics.isActive))
        record.values["informativeUnits"] = Double(informative)
        guard settings.frozen?.contains(ModelPart.encoder) != true,
            objective.isSettled(at: moment(ofStep: lastStep))
        else { return nil }
        var watch = progress.collapse ?? CollapseWatch()
        let isGraceOver = progress.step >= CollapseWatch.grace || progress.isFinished
        let isAlarm = watch.note(informative, of: total, isGraceOver: isGraceOver)
        progress.collapse = watch
        guard isAlarm else { return nil }
        record.values["collapseAlarm"] = 1
        let before = watch.peak > informative ? ", after \(watch.peak)" : ""
        let consequence =
            informative == 0 ? "the decoder ignores z" : "the others have collapsed to the prior"
        return "epoch \(progress.epoch): \(informative) of \(total) latent units "
            + "\(informative == 1 ? "carries" : "carry") information (a rate of at least "
            + "\(UnitStatistics.informativeRate) nats)\(before): \(consequence). Remedies: \(remedies)"
    }

    /// What may bring units back.
    private var remedies: String {
        let isYoung = progress.step < CollapseWatch.grace
        return
            ((isYoung ? ["more epochs"] : []) + [
                (settings.warmUpEpochs > 0 ? "a longer" : "a") + " warm-up of the rate",
                settings.objective.collapseRemedy, "a decoder that can say less without z",
            ]).joined(separator: ", ")
    }
}
