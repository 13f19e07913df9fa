import Foundation
import Tensors

/// A Gaussian mixture fitted to rows by expectation maximisation, any of whose numbers may be missing (NaN).
///
/// E and M steps each maximise the same bound, the one over the posterior, the other over the parameters, and as the
/// posterior is exact the log-likelihood never falls.
///
/// Source: Dempster, Laird, Rubin 1977; Neal, Hinton 1998, "A view of the EM algorithm".
public struct MixtureFit: Sendable {
    /// How to fit.
    public struct Settings: Sendable, Equatable {
        /// How many components.
        public var components: Int
        /// How free their covariances are.
        public var covariance = CovarianceKind.full
        /// Where they begin.
        public var start = MixtureStart.kMeans
        /// How many times to begin; the likeliest end is kept.
        public var restarts = 5
        /// Steps at most.
        public var iterations = 1000
        /// Ends when a step gains no more than this, in nats a row.
        public var tolerance = 1e-6
        /// The least variance in any direction, as a share of that of the columns within clusters of k-means; 0 allows any
        /// that is not singular.
        public var floor = 1e-6
        /// Whether all columns are of one unit (pixels, codes), so that the floor and the start measure them alike.
        public var sharesUnit = false

        /// The usual settings.
        public init(components: Int) {
            self.components = components
        }
    }

    /// A component that came to nothing on the way.
    public struct Collapse: Sendable, Equatable, Codable {
        /// In which start and after which step, both from 0.
        public let start: Int, step: Int
        /// Which component, from 0.
        public let component: Int
        /// What became of it.
        public let reason: String
    }

    /// The likeliest mixture.
    public let model: GaussianMixture
    /// Σ log p(x) of what was observed, in nats.
    public let logLikelihood: Double
    /// How many rows it is the sum of: those with an observed number.
    public let rows: Int
    /// Its start's mean log p(x) before each step and at the end; a collapse begins a new list, within which it never falls.
    public let logs: [[Double]]
    /// The components that were begun anew, in all starts.
    public let collapses: [Collapse]
    /// The components, from 0, that would be narrower in some direction without the floor; all of them where the
    /// covariance that they share would.
    public let floored: [Int]
    /// Which start was the best, from 0.
    public let start: Int
    /// Whether the last step gained no more than the tolerance.
    public let isConverged: Bool

    /// The steps of the start that was kept.
    public var steps: Int { logs.reduce(0) { $0 + $1.count } - 1 }
    /// −2 log-likelihood + parameters · log rows: the less, the better, for a model to be found again.
    public var bic: Double { -2 * logLikelihood + Double(model.parameterCount) * log(Double(rows)) }
    /// −2 log-likelihood + 2 parameters: the less, the better, for rows to be predicted.
    public var aic: Double { -2 * logLikelihood + 2 * Double(model.parameterCount) }

    /// Fits a mixture to rows.
    ///
    /// - Parameters:
    ///   - x: `[n, size]`, float32 or float64, NaN where a number is missing.
    ///   - settings: How.
    ///   - mixture: Where to begin, in place of what the settings say, with a single start.
    ///   - generator: Draws the starts.
    ///   - shouldStop: Asked after every step; the best so far is then the result.
    ///   - didStep: Told the start, the step and the mean log-likelihood.
    /// - Throws: `FitError`.
    public init(
        _ x: Tensor, _ settings: Settings, from mixture: GaussianMixture? = nil,
        using generator: inout Generator, shouldStop: () -> Bool = { false },
        didStep: (Int, Int, Double) -> Void = { _, _, _ in }
    ) throws {
        try settings.validate()
        let problem = try MixtureProblem(x, settings)
        var best: MixtureProblem.Run?
        var kept = 0
        var collapses: [Collapse] = []
        for start in 0..<(mixture == nil ? settings.restarts : 1) {
            if start > 0, best != nil, shouldStop() { break }
            var run = MixtureProblem.Run(model: try mixture ?? problem.start(using: &generator))
            problem.run(&run, using: &generator, shouldStop: shouldStop, didStep: { didStep(start, $0, $1) })
            collapses += run.collapses.map {
                Collapse(
                    start: start, step: $0.step, component: $0.collapse.component, reason: $0.collapse.reason)
            }
            if !run.hasFailed, best.map({ run.logLikelihood > $0.logLikelihood }) ?? true {
                (best, kept) = (run, start)
            }
        }
        guard let run = best else {
            let last = collapses[collapses.count - 1]
            throw FitError.collapsed(
                component: last.component + 1, reason: last.reason, starts: last.start + 1)
        }
        model = run.model
        rows = problem.rows.count
        logLikelihood = run.logLikelihood * Double(rows)
        logs = run.logs
        self.collapses = collapses
        floored = run.floored
        start = kept
        isConverged = run.isConverged
    }
}

/// Where the components of a mixture begin.
public enum MixtureStart: String, Sendable, Codable, CaseIterable {
    /// At the centres of k-means, with the covariance of the rows about them.
    case kMeans = "k-means"
    /// At rows drawn at random, with the covariance of all rows.
    case random
}

extension MixtureFit.Settings {
    /// Checks the ranges.
    ///
    /// - Throws: `FitError.invalid`.
    public func validate() throws {
        try require(components >= 1, "components", components, "at least 1")
        try require(restarts >= 1, "restarts", restarts, "at least 1")
        try require(iterations >= 1, "iterations", iterations, "at least 1")
        try require(tolerance >= 0, "tolerance", tolerance, "0 or more")
        try require((0..<1).contains(floor), "floor", floor, "0 to below 1")
    }
}
