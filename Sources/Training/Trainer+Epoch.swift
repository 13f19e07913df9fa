import Bounds
import Datasets
import Foundation
import Layers
import Models
import Runs
import Tensors

extension Trainer {
    /// How long a run may go without a checkpoint.
    private static let saveInterval = Duration.seconds(60)

    /// Closes an epoch: measures, writes the metrics, keeps the best, saves.
    func endEpoch(clock: Stopwatch, observer: TrainingObserver) throws {
        let training = progress.sums
        let measured = try data.validation.map(measure)
        let validation = measured?.sums
        let units = try measured.map(\.units) ?? encodeSome()
        progress.epoch += 1
        progress.batch = 0
        progress.sums = TrainingProgress.Sums()
        // Without a validation split the last is the best.
        let isBest = validation.map(rankEpoch) ?? true
        progress.isFinished =
            progress.epoch >= settings.epochs
            || (settings.patience > 0 && progress.epochsSinceBest >= settings.patience)
        progress.seconds = clock.seconds
        var records = [record("train", training)] + (validation.map { [record("validation", $0)] } ?? [])
        let alarm = units.flatMap { watchUnits($0, noting: &records[records.count - 1]) }
        for record in records { try run.append(record) }
        // A new best is written at once; otherwise the disk is left alone for a while.
        if (isBest && validation != nil) || progress.isFinished
            || lastSave.duration(to: .now) > Self.saveInterval
        {
            try save(as: isBest ? [.latest, .best] : [.latest])
        }
        observer.didFinishEpoch(progress, records)
        if let alarm { observer.didWarn(alarm) }
    }

    /// Whether the epoch is the best so far.
    ///
    /// Epochs compete by what training minimises. Those in which the objective is not yet what it ends with do not, as
    /// their optimum is another one; nor does a bound that is not a number. As long as none has competed, the last one
    /// stands in for the best.
    private func rankEpoch(_ validation: TrainingProgress.Sums) -> Bool {
        guard objective.isSettled(at: moment(ofStep: lastStep)) else { return progress.bestELBO == nil }
        let elbo = -objective.settledLoss(distortion: validation.meanDistortion, rate: validation.meanRate)
        guard elbo.isFinite, elbo > progress.bestELBO ?? -.infinity else {
            progress.epochsSinceBest += 1
            return progress.bestELBO == nil
        }
        progress.bestELBO = elbo
        progress.epochsSinceBest = 0
        return true
    }

    /// The step taken last.
    var lastStep: Int { max(progress.step - 1, 0) }

    /// The bound over a split with its full rate, and how its units are used.
    private func measure(
        _ loader: BatchLoader
    ) throws -> (sums: TrainingProgress.Sums, units: UnitStatistics?) {
        try withModelInUse {
            var noise = validationNoise
            var sums = TrainingProgress.Sums()
            var units: UnitStatistics?
            for batch in loader.batches() {
                let batch = try batch.get()
                withoutGradients {
                    let x = data.preprocessing.apply(to: batch.examples, using: &noise)
                    let terms = model.given(batch.labels).terms(for: x, samples: 1, using: &noise)
                    sums.add(terms.bound(), examples: batch.indices.count)
                    units = UnitStatistics(of: terms.groups)?.joined(with: units) ?? units
                }
            }
            return (sums, units)
        }
    }

    /// Runs `body` with the model out of training, under the averaged weights if there are any.
    func withModelInUse<Result>(_ body: () throws -> Result) rethrows -> Result {
        learningStep.state.setTraining(false)
        defer { learningStep.state.setTraining(true) }
        guard let average else { return try body() }
        return try average.withAverages(body)
    }

    private func record(_ split: String, _ sums: TrainingProgress.Sums) -> MetricsRecord {
        var values = ["elbo": sums.elbo, "distortion": sums.meanDistortion, "rate": sums.meanRate]
        if split == "train" {
            values["learningRate"] = schedule.learningRate(at: lastStep, base: settings.learningRate)
            values["rateWeight"] = objective.rateWeight(atStep: lastStep)
            values["skippedSteps"] = Double(progress.skippedSteps)
        }
        return MetricsRecord(
            step: progress.step, epoch: Double(progress.epoch), split: split, seconds: progress.seconds,
            values: values)
    }
}

extension TrainingProgress.Sums {
    /// Adds the parts of a batch's bound.
    mutating func add(_ bound: Bound, examples count: Int) {
        examples += count
        distortion += bound.distortion.withoutGradient().sum().scalar()
        rate += bound.rate.withoutGradient().sum().scalar()
    }
}
