import Foundation
import VAE

// The data: the built-in sprites; "mnist" or a folder of PNG images would do as well.
let data = DataChoice("sprites", validationCount: 500)
let splits = try data.open()

// The model and how to train it.
let model = GaussianVAE.Configuration(exampleShape: splits.training.exampleShape, latents: 10)
var training = TrainingSettings()
training.epochs = 2
let configuration = RunConfiguration(seed: 1, data: data, model: model, training: training)

// Train into a run folder, which the command line understands too.
let folder = URL(fileURLWithPath: "runs/quick-start-\(ProcessInfo.processInfo.processIdentifier)")
let session = try TrainingSession(configuration, data: splits, in: folder)
let observer = TrainingObserver(didFinishEpoch: { progress, records in
    print("epoch \(progress.epoch): ELBO \(records.last!.values["elbo"]!) nats")
})
_ = try session.train(observer: observer)

// Use what was learnt: new examples, the codes of old ones, and their reconstructions.
let trained = try TrainedModel(opening: folder)
var generator = Generator(seed: 2)
let samples = trained.samples(64, using: &generator).examples
try Pictures.write(samples, columns: 8, to: folder.appendingPathComponent("samples.png"))
