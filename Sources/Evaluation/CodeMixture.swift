import Foundation
import Probability
import Tensors

/// A mixture of Gaussians with independent units, fitted to codes by expectation maximisation.
///
///     r_nk = π_k N(z_n | μ_k, σ_k²) / Σ_j …
///     π_k = 1/N Σ_n r_nk,   μ_k = Σ_n r_nk z_n / N π_k,   σ_k² = Σ_n r_nk z_n² / N π_k − μ_k²
///
/// Begins at codes far from one another, each chosen by its squared distance from those chosen before. As it may begin in
/// a bad place it does so a few times, and the beginning that is likeliest after a few steps goes on.
///
/// Source: Dempster, Laird, Rubin 1977; Arthur, Vassilvitskii 2007, "k-means++", for the
/// beginning.
struct CodeMixture {
    /// How many times it begins, and with how many steps.
    private static let (starts, firstSteps) = (5, 10)
    /// Steps at most from there on.
    private static let stepLimit = 200
    /// Nats a code that a step must gain for another to follow.
    private static let tolerance = 1e-4
    /// The least variance, as a share of that of all codes.
    private static let floor = 1e-4
    /// Numbers in memory at once, where each code is held against each component.
    private static let elementLimit = 1 << 22

    private var logWeights: Tensor
    private var means: Tensor
    private var logVariances: Tensor

    /// The mixture that fits codes best, or one near to it.
    ///
    /// - Parameters:
    ///   - components: How many.
    ///   - codes: `[n, units]`, float64.
    ///   - noise: Chooses where to begin.
    init(_ components: Int, fittedTo codes: Tensor, using noise: inout Generator) {
        // A unit that is the same for all codes has some variance, too.
        let spread = codes.variance(along: 0, isUnbiased: false).clamped(from: 1e-30)
        let beginnings = (0..<(components == 1 ? 1 : Self.starts)).map { _ in
            var beginning = CodeMixture(components, among: codes, spread: spread, using: &noise)
            return (
                logProbability: beginning.improve(on: codes, spread: spread, steps: Self.firstSteps),
                mixture: beginning
            )
        }
        self = beginnings.max { $0.logProbability < $1.logProbability }!.mixture
        _ = improve(on: codes, spread: spread, steps: Self.stepLimit)
    }

    /// Some of the codes, with the variances of all codes about the nearest of them.
    private init(_ components: Int, among codes: Tensor, spread: Tensor, using noise: inout Generator) {
        let (places, nearest) = Self.scattered(
            components, among: codes / spread.squareRoot(), using: &noise)
        means = codes.gathering(places, along: 0)
        let gaps = codes - means.gathering(nearest, along: 0)
        logVariances = gaps.squared().mean(along: 0).maximum(spread * Self.floor).log().broadcast(
            to: means.shape)
        logWeights = Tensor(repeating: -log(Double(components)), shape: [components], dtype: .float64)
    }

    /// So many steps, or until one gains nothing.
    ///
    /// - Returns: The mean of log r(z) before the last step.
    private mutating func improve(on codes: Tensor, spread: Tensor, steps: Int) -> Double {
        let count = Double(codes.size(along: 0))
        var before = -Double.infinity
        for _ in 0..<steps {
            let sums = Sums(of: codes, in: parts(of: codes), by: mixture)
            let counts = sums.shares.clamped(from: .leastNormalMagnitude).expanded(at: 1)
            means = sums.codes / counts
            logVariances = (sums.squares / counts - means.squared()).maximum(spread * Self.floor).log()
            logWeights = (sums.shares / count).clamped(from: 1e-300).log()
            let now = sums.logProbability / count
            if now - before < Self.tolerance { return now }
            before = now
        }
        return before
    }

    /// log r(z) of codes `[..., units]`.
    func logProbability(of codes: Tensor) -> Tensor {
        let rows = codes.reshaped([-1, codes.size(along: -1)])
        let parts = parts(of: rows).map { mixture.logJoint(of: rows[.range($0)]).logSumExp(along: -1) }
        return Tensor.concatenated(parts, along: 0).reshaped(codes.shape.dropLast())
    }

    private var mixture: Mixture {
        Mixture(
            logits: logWeights, components: DiagonalGaussian(mean: means, logVariance: logVariances))
    }

    /// So many codes at a time.
    private func parts(of codes: Tensor) -> [Range<Int>] {
        let size = max(1, Self.elementLimit / max(1, means.count))
        let count = codes.size(along: 0)
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// What an E step leaves for the M step.
    private struct Sums {
        /// Σ_n r_nk, `[components]`.
        var shares: Tensor
        /// Σ_n r_nk z_n, `[components, units]`.
        var codes: Tensor
        /// Σ_n r_nk z_n², `[components, units]`.
        var squares: Tensor
        /// Σ_n log r(z_n).
        var logProbability: Double

        init(of codes: Tensor, in ranges: [Range<Int>], by mixture: Mixture) {
            let parts = ranges.map { range in
                let part = codes[.range(range)]
                let joint = mixture.logJoint(of: part)
                let total = joint.logSumExp(along: -1, keepingAxes: true)
                let responsibilities = (joint - total).exp()
                let columns = responsibilities.transposed()
                return (
                    responsibilities.sum(along: 0), columns.matmul(part), columns.matmul(part.squared()),
                    total.sum()
                )
            }
            let rest = parts.dropFirst()
            shares = rest.reduce(parts[0].0) { $0 + $1.0 }
            self.codes = rest.reduce(parts[0].1) { $0 + $1.1 }
            squares = rest.reduce(parts[0].2) { $0 + $1.2 }
            logProbability = rest.reduce(parts[0].3) { $0 + $1.3 }.scalar()
        }
    }

    /// Places of codes that lie far from one another, `[count]`, and for each code which of them is the nearest.
    private static func scattered(
        _ count: Int, among codes: Tensor, using noise: inout Generator
    ) -> (places: Tensor, nearest: Tensor) {
        let size = codes.size(along: 0)
        var places = [Int.random(in: 0..<size, using: &noise)]
        var distances = Tensor(repeating: .infinity, shape: [size], dtype: .float64)
        var nearest = Tensor.zeros([size], dtype: .int64)
        while true {
            let latest = places.count - 1
            let own = (codes - codes.selected(places[latest], along: 0)).squared().sum(along: 1)
            nearest = nearest.replacing(
                with: Tensor(repeating: Double(latest), shape: [size], dtype: .int64),
                where: own .< distances)
            distances = distances.minimum(own)
            if places.count == count { break }
            let sums = distances.cumulativeSum(along: 0)
            let chosen = Double.random(in: 0..<1, using: &noise) * sums[-1].scalar()
            let place = Int((sums .< chosen).converted(to: .float64).sum().scalar())
            places.append(min(place, size - 1))
        }
        return (Tensor(places, shape: [count]), nearest)
    }
}
