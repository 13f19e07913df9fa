import Foundation
import TestSupport
import Testing
import VAE

/// What would not fit into memory is said before it is tried.
@Suite("Memory")
struct MemoryTests {
    /// A model of rows with layers of the widths given.
    private func configuration(of shape: [Int] = [3], hidden: [Int]) -> RunConfiguration {
        RunConfiguration(
            data: DataChoice("rows.csv", preprocessing: .real),
            model: GaussianVAE.Configuration(
                exampleShape: shape, latents: 2, network: .mlp(hidden: hidden),
                likelihood: .gaussian(variance: .optimal)))
    }

    @Test("A model whose weights, gradients and moments do not fit is refused with its size")
    func model() throws {
        var configuration = configuration(hidden: [65_536, 65_536])
        configuration.training.averageDecay = 0.9
        let error = #expect(throws: MemoryError.self) { try configuration.requireMemory(forTrainingOn: 60) }
        guard case .model(let parameters, true, let needed, let available) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // A square layer on each side, and small ones.
        #expect(parameters > 8.58e9 && parameters < 8.6e9)
        // The weight, its gradient, two moments of Adam and the average.
        expectClose(needed, parameters * 4 * 5, relative: 1e-6)
        #expect(available > 0)
        let text = try #require(error).description
        #expect(
            text.hasPrefix("the model has 8.6 billion parameters, which take 160.0 GiB with their gradients"))
    }

    @Test("A step whose draws do not fit is refused with its size")
    func batch() throws {
        var configuration = configuration(of: [16, 1024, 1024], hidden: [1])
        configuration.training.samples = 10_000
        configuration.training.batchSize = 100
        let error = #expect(throws: MemoryError.self) { try configuration.requireMemory(forTrainingOn: 60) }
        guard case .batch(60, 10_000, 1 << 24, let needed, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        expectClose(needed, 60 * 10_000 * Double(1 << 24) * 4, relative: 1e-12)
    }

    @Test("A run is refused before its folder is made")
    func run() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("rows.csv")
            let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\($0 % 3)\n" }
            try Data(("a,b,c\n" + rows.joined()).utf8).write(to: file)
            var configuration = configuration(hidden: [65_536, 65_536])
            configuration.data.source = file.path
            configuration.training.batchSize = 60
            let run = folder.appendingPathComponent("run")
            #expect(throws: MemoryError.self) {
                try TrainingSession(configuration, data: configuration.data.open(), in: run)
            }
            #expect(!FileManager.default.fileExists(atPath: run.path))
        }
    }
}
