import Foundation
import TestSupport
import Testing
import VAE

/// x = z, so that a picture of the latent space shows the codes themselves.
private final class Window: LatentVariableModel {
    private let kind: String

    init(_ kind: String) { self.kind = kind }

    private var prior: any Distribution {
        let wide = DiagonalGaussian(
            mean: Tensor([Float(3), -1]), logVariance: Tensor([Float(log(4.0)), 0]))
        switch kind {
        case "standard": return DiagonalGaussian.standard(2)
        case "wide": return wide
        default:
            return Mixture(
                logits: .zeros([1]),
                components: DiagonalGaussian(
                    mean: wide.mean.expanded(at: 0), logVariance: wide.logVariance.expanded(at: 0)))
        }
    }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let z = walk.latent(
            "z", prior: prior,
            posterior: walk.evidence { DiagonalGaussian(mean: $0, logVariance: Tensor(zerosLike: $0)) })
        return DiagonalGaussian(mean: z, logVariance: Tensor(zerosLike: z))
    }
}

/// The recipe of a window; the prior is put in by name.
private struct WindowRecipe: ModelRecipe {
    var prior = "standard"

    static let kind = "window"
    static let help = "x = z."
    static var settings: [Setting<WindowRecipe>] { [Setting("prior", \.prior, .text)] }

    var exampleShape: [Int] { [2] }
    var isOverLevels: Bool { false }
    var title: String { "A window" }
    var summary: String { "a window" }

    func makeModel(using generator: inout Generator) throws -> any LatentVariableModel { Window(prior) }
}

@Suite("Ways through the latent space", .serialized)
struct PriorWaysTests {
    private static let isRegistered: Void = RunConfiguration.models.register(WindowRecipe.self)

    private func withModel(_ prior: String, _ body: (TrainedModel) throws -> Void) throws {
        _ = Self.isRegistered
        try withTemporaryFolder { folder in
            let configuration = RunConfiguration(
                data: DataChoice("rows.csv", preprocessing: .real), model: WindowRecipe(prior: prior))
            let run = try RunFolder(
                creating: folder.appendingPathComponent("run"), configuration: configuration)
            var checkpoint = Checkpoint()
            checkpoint.metadata["progress"] = "{}"
            try run.save(checkpoint, step: 0, as: CheckpointName.standing)
            try body(TrainedModel(opening: run.url))
        }
    }

    /// Quantiles of N(3, 4) and N(−1, 1) at a quarter and three quarters lie ±0.6745 σ from the mean.
    @Test(
        "The manifold takes equal steps of the prior's own probability: the first unit to the right, the second up",
        arguments: [("standard", 1e-5), ("wide", 1e-5), ("mixture", 0.15)])
    func manifold(prior: String, tolerance: Double) throws {
        try withModel(prior) { trained in
            let plane = trained.manifold(units: (0, 1), side: 2)
            let (mean, spread) =
                prior == "standard" ? ([0.0, 0.0], [1.0, 1.0]) : ([3.0, -1.0], [2.0, 1.0])
            let step = 0.67449
            func place(_ right: Double, _ up: Double) -> [Float] {
                [Float(mean[0] + right * step * spread[0]), Float(mean[1] + up * step * spread[1])]
            }
            // Row by row from the top left.
            let expected = place(-1, 1) + place(1, 1) + place(-1, -1) + place(1, -1)
            expectClose(plane, Tensor(expected, shape: [4, 2]), absolute: tolerance)
        }
    }

    @Test(
        "A traversal moves its unit alone, by equal normal scores of the prior",
        arguments: [("standard", 1e-4), ("wide", 1e-4), ("mixture", 0.5)])
    func traversal(prior: String, tolerance: Double) throws {
        try withModel(prior) { trained in
            let code = Tensor([Float(0.3), 0.7])
            let way = trained.traversals(of: code, units: [0], range: 2, steps: 5)[0]
            let (mean, spread) = prior == "standard" ? (0.0, 1.0) : (3.0, 2.0)
            let expected = [-2.0, -1, 0, 1, 2].map { Float(mean + $0 * spread) }
            expectClose(way[.all, 0], Tensor(expected), absolute: tolerance)
            expectClose(way[.all, 1], Tensor([Float](repeating: 0.7, count: 5)), absolute: 1e-6)
        }
    }

    @Test("An interpolation begins and ends at the codes, and goes straight between them")
    func interpolation() throws {
        try withModel("standard") { trained in
            let way = trained.interpolation(
                from: Tensor([Float(0), 1]), to: Tensor([Float(2), -1]), steps: 3)
            expectClose(way, Tensor([Float(0), 1, 1, 0, 2, -1], shape: [3, 2]), absolute: 1e-6)
        }
    }

    @Test("Samples at a lower temperature lie closer to the center of the prior")
    func temperature() throws {
        try withModel("wide") { trained in
            #expect(trained.canTemper)
            var noise = Generator(seed: 1)
            let samples = trained.samples(4000, temperature: 0.5, using: &noise).examples
            let deviation = (samples - samples.mean(along: 0)).squared().mean(along: 0).squareRoot()
            // The standard error of a standard deviation is σ / √(2 n), and four of them count.
            expectClose(deviation, Tensor([Float(1), 0.5]), absolute: 4 / 8000.0.squareRoot())
        }
    }

    @Test("Codes go through decode and encode and stay what they were")
    func roundTrip() throws {
        try withModel("standard") { trained in
            let codes = Tensor([Float(0.3), 0.7, -1, 2], shape: [2, 2])
            expectClose(trained.decode(codes), codes, absolute: 1e-6)
            expectClose(trained.encode(Batch(codes)).centers, codes, absolute: 1e-6)
            expectClose(trained.reconstruct(Batch(codes)), codes, absolute: 1e-6)
        }
    }
}
