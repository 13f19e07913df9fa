import Bounds
import Datasets
import Foundation
import Layers
import Runs
import Tensors

extension Trainer {
    /// How long a run may go without a checkpoint.
    static let saveInterval = Duration.seconds(60)

    /// Closes an epoch: measures, writes the metrics, keeps the best, saves.
    func endEpoch(clock: Stopwatch, observer: TrainingObserver) throws {
        let training = progress.sums
        try measureStatistics()
        let measured = try data.validation.map(measure)
        let units = try measured.map(\.units) ?? encodeSome()
        progress.epoch += 1
        progress.batch = 0
        progress.sums = TrainingProgress.Sums()
        // Without a validation split the last is the best.
        let isBest = measured.map { rankEpoch($0.sums.meanLoss) } ?? true
        progress.isFinished =
            progress.epoch >= settings.epochs
            || (settings.patience > 0 && progress.epochsSinceBest >= settings.patience)
        progress.seconds = clock.seconds
        var records =
            [record("train", training)] + (measured.map { [record("validation", $0.sums)] } ?? [])
        let alarm = units.flatMap { watchUnits($0, noting: &records[records.count - 1]) }
        for place in records.indices {
            records[place].values.merge(observer.willRecord(progress, records[place])) { $1 }
            try run.append(records[place])
        }
        if progress.isFinished {
            try checkEnd(validationLoss: measured?.sums.meanLoss, observer)
        }
        let isKept =
            settings.keepEvery.map { progress.epoch % $0 == 0 } ?? false || observer.shouldKeep(progress)
        // Saves a new best now, otherwise at most once a minute.
        if (isBest && measured != nil) || isKept || progress.isFinished
            || lastSave.duration(to: .now) > Self.saveInterval
        {
            try save(
                as: [.latest] + (isBest ? [.best] : []) + (isKept ? [.epoch(progress.epoch)] : []))
        }
        observer.didFinishEpoch(progress, records)
        if let alarm { observer.didWarn(alarm) }
    }

    /// Whether the epoch is the best so far.
    ///
    /// Epochs compete by the value that the objective declares, with the weights that the run ends with, so that epochs
    /// of a warm-up compete too. Patience begins when the weights have settled: before, the optimum still moves. A loss
    /// that is not a number never wins, not even at first.
    private func rankEpoch(_ loss: Double) -> Bool {
        if loss.isFinite, loss < progress.bestLoss ?? .infinity {
            progress.bestLoss = loss
            progress.epochsSinceBest = 0
            return true
        }
        if objective.isSettled(at: moment(ofStep: lastStep)) { progress.epochsSinceBest += 1 }
        return false
    }

    /// The step taken last.
    var lastStep: Int { max(progress.step - 1, 0) }

    /// The bound over a split, the loss that ranks the epoch, and how its units are used.
    func measure(
        _ loader: BatchLoader
    ) throws -> (sums: TrainingProgress.Sums, units: UnitStatistics?) {
        let moment = moment(ofStep: lastStep)
        return try withModelInUse {
            var sums = TrainingProgress.Sums()
            var ranked: Sums?
            var units: UnitStatistics?
            for batch in loader.batches() {
                let batch = data.preprocessing.apply(to: try batch.get(), using: validationNoise)
                withoutGradients {
                    let trace = model.trace(
                        of: batch, samples: settings.samples, using: validationNoise)
                    sums.add(trace.bound, loss: 0, examples: batch.count)
                    let found = objective.validationSums(of: trace, at: moment).inDouble
                    ranked = ranked.map { $0 + found } ?? found
                    units = UnitStatistics(of: trace)?.joined(with: units) ?? units
                }
            }
            sums.loss =
                ranked.map {
                    objective.validationLoss(of: $0, at: moment).scalar() * Double($0.examples)
                } ?? .nan
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
        var values = [
            "loss": sums.meanLoss, "elbo": sums.elbo, "distortion": sums.meanDistortion,
            "rate": sums.meanRate,
        ]
        if sums.rates.count > 1 {
            for (group, rate) in sums.rates { values["rate/" + group] = rate / Double(sums.examples) }
        }
        if split == "train" {
            values["learningRate"] = progress.learningRate
            values["rateWeight"] = objective.rateWeight(at: moment(ofStep: lastStep))
            values["skippedSteps"] = Double(progress.skippedSteps)
        }
        return MetricsRecord(
            step: progress.step, epoch: Double(progress.epoch), split: split, seconds: progress.seconds,
            values: values)
    }
}
