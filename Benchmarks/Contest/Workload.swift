import Foundation
import VAE

/// What is timed: one JSON object, the same for every contestant.
struct Workload: Decodable {
    /// What is done.
    enum Kind: String, Decodable {
        case train, score, folder, kmeans, mixture
    }

    var kind: Kind
    var threads: Int
    /// The model that is trained or scores.
    var model: GaussianVAE.Configuration?
    /// Examples in a step; for `score`, `kmeans` and `mixture`, all of them.
    var batch: Int
    /// Draws of z for each example; for `kmeans` and `mixture`, steps of a fit.
    var samples: Int
    /// What training maximises.
    var objective: String?

    /// Steps whose losses are compared before anything is timed, and batches that are then gone through in turns.
    static let checkedSteps = 20
    static let learningRate = 1e-3
    /// Where the noise of training begins, for the file and for the steps that must agree with it.
    static let noise = Generator(seed: 7)

    func makeModel() throws -> GaussianVAE {
        var generator = Generator(seed: 1)
        return try GaussianVAE(model!, using: &generator)
    }

    func contestant(from start: URL) throws -> any Contestant {
        switch kind {
        case .train: try TrainingContestant(self, from: start)
        case .score: try ScoringContestant(self, from: start)
        case .folder: FolderContestant(self, from: start)
        case .kmeans, .mixture: try FitContestant(self, from: start)
        }
    }
}
