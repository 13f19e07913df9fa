import Foundation
import VAE

// The recipe gets a name; everything below is as for a stock model.
RunConfiguration.models.register(TwoLevelRecipe.self)

let data = DataChoice("sprites", validationCount: 2000)
let splits = try data.open()
var training = TrainingSettings()
training.epochs = 5
training.warmUpEpochs = 2
let configuration = RunConfiguration(
    data: data, model: TwoLevelRecipe(exampleShape: splits.training.exampleShape), training: training)
let folder = URL(fileURLWithPath: "runs/own-model-\(ProcessInfo.processInfo.processIdentifier)")

// Train, and reopen what was written.
let session = try TrainingSession(configuration, data: splits, in: folder)
_ = try session.train(
    observer: TrainingObserver(didFinishEpoch: { progress, records in
        print("epoch \(progress.epoch): loss \(records.last!.values["loss"]!) nats")
    }))
let trained = try TrainedModel(opening: folder)

// Sample, evaluate, report.
var generator = Generator(seed: 1)
try Pictures.write(
    trained.samples(64, using: &generator).examples, columns: 8,
    to: folder.appendingPathComponent("samples.png"))
var request = EvaluationRequest()
(request.count, request.importanceSamples) = (500, 50)
let measured = try trained.evaluate(splits, request).measured
print("ELBO \(measured.evaluation.elbo.mean) nats;", "rates:")
for rate in measured.evaluation.rates { print("  \(rate.group): \(rate.rate.mean) nats") }
try trained.store(measured)
try Report(trained, data: splits).write()
print("report: \(folder.path)/report.html")
