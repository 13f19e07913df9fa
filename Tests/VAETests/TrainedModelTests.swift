import Foundation
import TestSupport
import Testing
import VAE

@Suite("A trained model")
struct TrainedModelTests {
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
                trained.model.likelihood(of: [.zeros([4, 2])]) as? DiagonalGaussian)
            expectClose(
                likelihood.variance, try #require(buffers.first).broadcast(to: [4, 3]), relative: 1e-6)
        }
    }
}
