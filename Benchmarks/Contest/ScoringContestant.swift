import Foundation
import VAE

/// log p(x) of images by importance sampling.
struct ScoringContestant: Contestant {
    private let workload: Workload
    private let model: GaussianVAE
    private let images: Tensor
    private var repetition = 0

    init(_ workload: Workload, from start: URL) throws {
        self.workload = workload
        model = try workload.makeModel()
        let file = try Checkpoint(readingFrom: start)
        try ModuleState(model).load(file.section("model"))
        images = file.section("data")["x"]!
    }

    private mutating func meanLogLikelihood(of x: Tensor, samples: Int) -> Double {
        repetition += 1
        return withoutGradients {
            importanceWeightedLogLikelihood(
                model, Batch(x), samples: samples, using: Workload.noise(ofStep: repetition)
            ).mean().scalar()
        }
    }

    /// Everyone draws its own z here: the mean over all images agrees within its Monte-Carlo error.
    mutating func check() -> [Double] { [meanLogLikelihood(of: images, samples: workload.samples)] }

    mutating func `repeat`(_ count: Int) {
        for _ in 0..<count { _ = meanLogLikelihood(of: images, samples: workload.samples) }
    }
}
