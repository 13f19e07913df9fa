import Foundation
import Tensors

/// Centres fitted to rows by Lloyd's algorithm: assign each row to its nearest centre, move each centre to the mean of
/// its rows.
///
/// It is the alternation of E and M steps on the bound of `KMeans`, so that the inertia Σ |x − c|² never rises.
public struct KMeansFit: Sendable {
    /// How to fit.
    public struct Settings: Sendable, Equatable {
        /// How many centres.
        public var components: Int
        /// Where the centres begin.
        public var start = KMeansStart.plusPlus
        /// How many times to begin; the best end is kept.
        public var restarts = 10
        /// Steps at most.
        public var iterations = 300
        /// Ends when the inertia has fallen by no more than this part of itself; 0 waits until no row changes its centre.
        public var tolerance = 0.0
        /// How many rows, drawn at random, a step looks at; all of them when absent.
        public var minibatch: Int?

        /// The usual settings.
        public init(components: Int) {
            self.components = components
        }
    }

    /// The centres.
    public let model: KMeans
    /// Σ |x − c|² over the rows.
    public let inertia: Double
    /// The centre of each row, int64 `[n]`.
    public let labels: Tensor
    /// The inertia before each step, and at the end; of minibatches an estimate from each.
    public let log: [Double]
    /// Which start was the best, from 0.
    public let start: Int
    /// Whether the rows have settled.
    public let isConverged: Bool
    /// Whether σ² is a floor and not the likeliest: rows differ from their centres by no more than rounding.
    public let isVarianceFloored: Bool
    /// How many centres that had lost all their rows were moved to the row furthest from its own.
    public let reseeded: Int

    /// Fits centres to rows.
    ///
    /// - Parameters:
    ///   - x: `[n, size]`, float32 or float64.
    ///   - settings: How.
    ///   - centres: Where to begin, in place of what the settings say, with a single start.
    ///   - generator: Draws the starts.
    ///   - shouldStop: Asked after every step; the best so far is then the result.
    ///   - didStep: Told the start, the step and the inertia.
    /// - Throws: `FitError`.
    public init(
        _ x: Tensor, _ settings: Settings, from centres: Tensor? = nil, using generator: inout Generator,
        shouldStop: () -> Bool = { false }, didStep: (Int, Int, Double) -> Void = { _, _, _ in }
    ) throws {
        try settings.validate()
        try requireRows(x, components: settings.components, allowsMissing: false)
        // About their mean, rows and sums keep their digits.
        let offset = x.mean(along: 0).converted(to: .float64)
        let rows = x - offset.converted(to: x.dtype)
        let problem = KMeansProblem(rows: rows, settings: settings)
        var best: KMeansProblem.Run?
        var kept = 0
        for start in 0..<(centres == nil ? settings.restarts : 1) {
            if start > 0, shouldStop() { break }
            let first =
                try centres.map { $0.converted(to: .float64) - offset } ?? problem.start(using: &generator)
            let run = try problem.run(
                from: first, using: &generator, shouldStop: shouldStop, didStep: { didStep(start, $0, $1) })
            if best.map({ run.inertia < $0.inertia }) ?? true { (best, kept) = (run, start) }
        }
        let run = best!
        let likeliest = run.inertia / Double(x.count)
        let floor = max(problem.rounding, .leastNormalMagnitude)
        isVarianceFloored = likeliest < floor
        model = KMeans(centres: run.centres + offset, variance: max(likeliest, floor))
        inertia = run.inertia
        labels = run.labels
        log = run.log
        start = kept
        isConverged = run.isConverged
        reseeded = run.reseeded
    }
}

/// Where centres begin.
public enum KMeansStart: String, Sendable, Codable, CaseIterable {
    /// k-means++: each at a row that is likely to be far from the others (Arthur, Vassilvitskii 2007).
    case plusPlus = "k-means++"
    /// Rows drawn at random.
    case random
}

extension KMeansFit.Settings {
    /// Checks the ranges.
    ///
    /// - Throws: `FitError.invalid`.
    public func validate() throws {
        try require(components >= 1, "components", components, "at least 1")
        try require(restarts >= 1, "restarts", restarts, "at least 1")
        try require(iterations >= 1, "iterations", iterations, "at least 1")
        try require(tolerance >= 0, "tolerance", tolerance, "0 or more")
        try require(minibatch.map { $0 >= 1 } ?? true, "minibatch", minibatch ?? 0, "at least 1")
    }
}
