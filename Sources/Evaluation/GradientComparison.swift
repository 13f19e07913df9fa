import Foundation
import Tensors

/// One estimate of a gradient.
package struct GradientDraw {
    /// The loss that it is the gradient of, a scalar.
    let loss: Tensor
    /// All elements together, `[size]`, float64.
    let gradient: Tensor

    /// An estimate from its parts, one for each parameter.
    package init(loss: Tensor, gradients: [Tensor]) {
        self.loss = loss
        gradient = .concatenated(
            gradients.map { $0.reshaped([$0.count]).converted(to: .float64) }, along: 0)
    }
}

/// Estimators of a gradient against a mean of many draws of one that has no bias.
///
/// Draws come in two halves. The first finds the direction u in which an estimator's mean lies off the reference's; the
/// second measures how far, ⟨g − g_ref, u⟩, with fresh draws of both. As these know nothing of u they are numbers
/// independent of each other, so that their mean has an honest standard error in however many dimensions: without a
/// bias, mean over error is a standard normal draw. What lies off in directions that u misses does not count: the bias
/// may be larger.
///
/// Of the draws there are kept sums and a few numbers each, and none is read back before the end.
package struct GradientComparison {
    /// Makes a draw from noise of its own.
    package typealias Source = (Generator) -> GradientDraw

    private let draws: Int
    private let noise: Generator
    private let didDraw: () -> Void
    private var reference: GradientStream
    private let first: GradientSums

    /// Draws the first half of the reference.
    ///
    /// - Parameters:
    ///   - reference: An estimator without bias.
    ///   - draws: How many of it, in both halves; at least four.
    ///   - noise: Draws everything; each source has a stream of its own.
    ///   - didDraw: Told of each draw.
    package init(
        reference: @escaping Source, draws: Int, noise: Generator, didDraw: @escaping () -> Void = {}
    ) {
        precondition(draws >= 4, "\(draws) draws are too few for two halves with an error each")
        self.draws = draws
        self.noise = noise
        self.didDraw = didDraw
        self.reference = GradientStream(reference, noise.child(0), didDraw)
        first = self.reference.sums(draws / 2)
    }

    /// The mean loss over the first half of the reference.
    package var meanLoss: Double { first.meanLoss }

    /// What was found of the sources.
    package struct Result {
        /// The norm of the gradient; `nil` where the reference does not see it above its noise.
        package let norm: Double?
        /// Of each source.
        package let findings: [Finding]
    }

    /// What was found of a source.
    package struct Finding {
        /// tr Cov[g].
        package let variance: Estimate
        /// How far E[g] is from the reference's.
        package let bias: Estimate
    }

    /// Draws the first half of each source, then all second halves.
    ///
    /// - Parameters:
    ///   - sources: What to measure.
    ///   - repeats: How many draws of each, in both halves; at least four.
    /// - Returns: Noise and bias of each.
    package mutating func compare(_ sources: [Source], repeats: Int) -> Result {
        precondition(repeats >= 4, "\(repeats) draws are too few for two halves with an error each")
        var streams = sources.enumerated().map { place, source in
            GradientStream(source, noise.child(UInt64(place + 1)), didDraw)
        }
        let firsts = streams.indices.map { streams[$0].sums(repeats / 2) }
        let directions = Tensor.stacked(firsts.map { ($0.mean - first.mean).direction })
        let seconds = streams.indices.map { place in
            streams[place].scatter(
                repeats - repeats / 2, about: firsts[place], along: directions[.range(place..<place + 1)])
        }
        let others = reference.scatter(draws - draws / 2, about: first, along: directions)
        let findings = zip(seconds, others.projections).map { own, other in
            let (found, expected) = (Estimate(of: own.projections[0]), Estimate(of: other))
            let error =
                (found.standardError * found.standardError
                + expected.standardError * expected.standardError).squareRoot()
            return Finding(
                variance: own.variance,
                bias: Estimate(mean: found.mean - expected.mean, standardError: error))
        }
        return Result(norm: others.norm, findings: findings)
    }

    /// The noise of a source by itself.
    package static func spread(
        of source: @escaping Source, repeats: Int, noise: Generator, didDraw: @escaping () -> Void = {}
    ) -> GradientReport.Spread {
        var stream = GradientStream(source, noise, didDraw)
        let first = stream.sums(repeats / 2)
        let second = stream.scatter(repeats - repeats / 2, about: first, along: nil)
        return GradientReport.Spread(norm: second.norm, variance: second.variance)
    }
}

/// Draws of a source, one after another.
private struct GradientStream {
    private let source: GradientComparison.Source
    private let noise: Generator
    private var drawn: UInt64 = 0
    private let didDraw: () -> Void

    init(_ source: @escaping GradientComparison.Source, _ noise: Generator, _ didDraw: @escaping () -> Void) {
        self.source = source
        self.noise = noise
        self.didDraw = didDraw
    }

    private mutating func draw() -> GradientDraw {
        defer {
            drawn += 1
            didDraw()
        }
        return source(noise.child(drawn))
    }

    mutating func sums(_ count: Int) -> GradientSums {
        var sums = GradientSums(draw())
        for _ in 1..<count { sums.add(draw()) }
        return sums
    }

    /// How draws scatter about the mean of others, and where they lie along directions `[directions, size]`.
    mutating func scatter(_ count: Int, about first: GradientSums, along directions: Tensor?)
        -> GradientScatter
    {
        let centre = first.mean
        var sums: GradientSums?
        var distances: [Tensor] = []
        var projections: [Tensor] = []
        for _ in 0..<count {
            let draw = draw()
            sums = sums?.adding(draw) ?? GradientSums(draw)
            distances.append((draw.gradient - centre).squared().sum())
            if let directions { projections.append(directions.matmul(draw.gradient)) }
        }
        // The centre is a mean as well, of m draws: squared distances from it are larger by 1 + 1/m on average.
        let scale = Double(first.count) / Double(first.count + 1)
        // Two independent means, so that noise adds nothing to their product; below zero, noise is all that it is.
        let squaredNorm: Double = (centre * sums!.mean).sum().scalar()
        return GradientScatter(
            variance: Estimate(of: (Tensor.stacked(distances) * scale).array()),
            norm: squaredNorm < 0 ? nil : squaredNorm.squareRoot(),
            projections: directions.map { directions in
                let all = Tensor.stacked(projections, along: 1)
                return (0..<directions.size(along: 0)).map { all.selected($0, along: 0).array() }
            } ?? [])
    }
}

/// The second half of some draws, as seen from the first.
private struct GradientScatter {
    let variance: Estimate
    let norm: Double?
    /// For each direction, the place of each draw along it.
    let projections: [[Double]]
}

/// Sums over draws of a gradient.
private struct GradientSums {
    private(set) var count = 1
    private var gradient: Tensor
    private var loss: Tensor

    init(_ draw: GradientDraw) {
        gradient = draw.gradient
        loss = draw.loss
    }

    mutating func add(_ draw: GradientDraw) {
        gradient += draw.gradient
        loss += draw.loss
        count += 1
    }

    func adding(_ draw: GradientDraw) -> GradientSums {
        var sums = self
        sums.add(draw)
        return sums
    }

    var mean: Tensor { gradient / Double(count) }

    var meanLoss: Double { loss.scalar() / Double(count) }
}

extension Tensor {
    /// The vector's direction, a vector of length one; zeros where it has none.
    fileprivate var direction: Tensor {
        self / norm().clamped(from: .leastNormalMagnitude)
    }
}
