import Foundation
import TestSupport
import Testing
import VAE

@Suite("A trained model")
struct TrainedModelTests {
    @Test("Drawn codes spread about the centers as q(z | x) does, whatever the others of the batch")
    func drawnCodes() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("rows.csv")
            let rows = (0..<600).map { "\($0 % 7),\($0 % 5),\($0 % 3)\n" }
            try Data(("a,b,c\n" + rows.joined()).utf8).write(to: file)
            let data = DataChoice(file.path, preprocessing: .real)
            let splits = try data.open()
            let model = GaussianVAE.Configuration(
                exampleShape: [3], latents: 2, network: .mlp(hidden: [4]),
                likelihood: .gaussian(variance: .optimal))
            var training = TrainingSettings()
            training.epochs = 1
            let run = folder.appendingPathComponent("run")
            let configuration = RunConfiguration(seed: 1, data: data, model: model, training: training)
            _ = try TrainingSession(configuration, data: splits, in: run).train()

            let trained = try TrainedModel(opening: run, checkpoint: .latest)
            let batch = try splits.training.batch(0..<600)
            let noise = Generator(seed: 3)
            let drawn = trained.drawnCodes(of: batch, using: noise)
            let codes = trained.encode(batch)
            let deviation = (try #require(codes.logVariances) * 0.5).exp()
            let standard = ((drawn - codes.centers) / deviation).converted(to: .float64)
            // 1200 normal draws: five standard errors of their mean and of their mean square.
            expectClose(standard.mean().scalar(), 0, absolute: 5 / 1200.0.squareRoot())
            expectClose(standard.squared().mean().scalar(), 1, absolute: 5 * (2 / 1200.0).squareRoot())
            expectClose(trained.drawnCodes(of: batch[100..<130], using: noise), drawn[.range(100..<130)])
        }
    }

    /// Its likelihood would otherwise be made to measure for the examples that it is asked about.
    @Test("It is out of training, with the running statistics of its run")
    func isInUse() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("rows.csv")
            let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\($0 % 3)\n" }
            try Data(("a,b,c\n" + rows.joined()).utf8).write(to: file)
            let data = DataChoice(file.path, validationCount: 10, preprocessing: .real)
            let splits = try data.open()
            let model = GaussianVAE.Configuration(
                exampleShape: [3], latents: 2, network: .mlp(hidden: [4]),
                likelihood: .gaussian(variance: .optimal))
            var training = TrainingSettings()
            training.epochs = 2
            training.batchSize = 10
            let run = folder.appendingPathComponent("run")
            let configuration = RunConfiguration(seed: 1, data: data, model: model, training: training)
            _ = try TrainingSession(configuration, data: splits, in: run).train()

            let trained = try TrainedModel(opening: run, checkpoint: .latest)
            let buffers = ModuleState(trained.model).buffers.map(\.buffer.value)
            #expect(buffers.count == 2)
            #expect(buffers.last?.scalar() == 10)
            let likelihood = try #require(
                trained.model.trace(
                    .generation(4, given: ["z": .zeros([1, 4, 2])], using: Generator(seed: 1))
                ).likelihood as? DiagonalGaussian)
            expectClose(
                likelihood.variance, try #require(buffers.first).broadcast(to: [1, 4, 3]), relative: 1e-6)
        }
    }
}
