import Probability
import Tensors
import Testing

/// Expects a distribution to keep the laws that every one keeps.
///
/// - its density sums or integrates to one, and where it states a mean, a variance or an entropy, they are those of the
///   density;
/// - draws have the density's mean, variance and entropy, within five standard errors of 20,000 draws;
/// - draws of different batch entries are independent;
/// - the stated shape and type are those of draws;
/// - shapes: further axes come first, the event axes are summed, an outcome broadcasts over the batch;
/// - the same generator gives the same draws, and has moved on afterwards;
/// - a reparameterised draw is the sample, and its density, if it states one, is that of the distribution.
///
/// - Parameters:
///   - distribution: With float64 parameters `batchShape + eventShape`; few event elements, since all outcomes are
///     enumerated.
///   - batchShape: The axes that number independent distributions.
///   - eventShape: The axes of one outcome.
///   - support: The outcomes.
///   - sourceLocation: Where failures are reported.
public func checkDistribution(
    _ distribution: any Distribution, batchShape: [Int], eventShape: [Int], support: Support,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let law = DistributionLaw(
        distribution: distribution, batchShape: batchShape, eventShape: eventShape, support: support,
        sourceLocation: sourceLocation)
    law.checkStatedShape()
    guard let moments = law.checkDensity() else { return }
    law.checkDraws(moments)
    law.checkSeeds()
}

/// Expects closed-form divergences to be those of the densities.
///
/// - KL(q ‖ p) is the integral of q (log q − log p), and its mean over draws within five standard errors;
/// - for independent elements KL(q ‖ q) is zero, and the elements' divergences add up to that of the outcome.
///
/// - Parameters:
///   - q: Draws.
///   - p: Measures.
///   - batchShape: The axes that number independent distributions.
///   - eventShape: The axes of one outcome.
///   - support: The outcomes of both.
///   - sourceLocation: Where failures are reported.
public func checkDivergence(
    from q: some HasClosedFormDivergence, to p: any Distribution, batchShape: [Int], eventShape: [Int],
    support: Support, sourceLocation: SourceLocation = #_sourceLocation
) {
    func expect(_ found: Tensor?, _ expected: Tensor, _ comment: Comment) {
        guard let found else { return report("no closed form", comment, sourceLocation) }
        expectClose(
            found, expected, relative: 1e-9, absolute: 1e-9, comment, sourceLocation: sourceLocation)
    }
    let grid = OutcomeGrid(support, eventShape: eventShape)
    let outcomes = grid.points.spread(over: batchShape)
    let logQ = q.logProbability(of: outcomes)
    let ratio = logQ - p.logProbability(of: outcomes)
    let integral = (logQ.exp() * ratio).sum(along: 0) * grid.volume
    expect(q.klDivergence(to: p), integral, "KL(q ‖ p) against its integral")
    // A family need not know the way to itself.
    if q is any HasElementwiseDivergence {
        expect(q.klDivergence(to: q), Tensor(zerosLike: integral), "KL(q ‖ q)")
    }
    if let q = q as? any HasElementwiseDivergence {
        let elements = q.elementwiseKLDivergence(to: p)?.broadcast(to: batchShape + eventShape)
        expect(
            elements?.reshaped(batchShape + [-1]).sum(along: -1), integral, "the sum of the elements' KL")
    }

    var generator = Generator(seed: 71)
    let z = q.sample([DistributionLaw.drawCount], using: &generator)
    expectMean(
        ofDraws: q.logProbability(of: z) - p.logProbability(of: z), is: integral,
        "log q − log p at draws of q", sourceLocation: sourceLocation)
}

private struct DistributionLaw {
    static let drawCount = 20_000

    let distribution: any Distribution
    let batchShape: [Int]
    let eventShape: [Int]
    let support: Support
    let sourceLocation: SourceLocation

    /// What the density says of the outcomes: mean and variance `batchShape + eventShape`, entropy `batchShape`.
    struct Moments {
        let mean: Tensor
        let variance: Tensor
        let entropy: Tensor
    }

    func checkStatedShape() {
        func expect<Part: Equatable>(_ found: Part, _ expected: Part, _ what: String) {
            if found != expected {
                report("\(what) is \(found), expected \(expected)", nil, sourceLocation)
            }
        }
        expect(distribution.shape, batchShape + eventShape, "stated shape")
        expect(distribution.batchShape, batchShape, "stated batch shape")
        expect(distribution.eventShape, eventShape, "stated event shape")
        expect(distribution.dtype, .float64, "stated type")
        var generator = Generator(seed: 3)
        expect(distribution.sample(using: &generator).dtype, distribution.dtype, "type of a draw")
    }

    func checkDensity() -> Moments? {
        let grid = OutcomeGrid(support, eventShape: eventShape)
        let outcomes = grid.points.spread(over: batchShape)
        let logDensity = distribution.logProbability(of: outcomes)
        let expected = [outcomes.size(along: 0)] + batchShape
        guard logDensity.shape == expected else {
            report("log density \(logDensity.shape), expected \(expected)", nil, sourceLocation)
            return nil
        }
        let mass = logDensity.exp() * grid.volume
        expect(mass.sum(along: 0), .ones(batchShape, dtype: .float64), "total of the density")

        let elementMass = mass.reshaped(mass.shape + eventShape.map { _ in 1 })
        let mean = (elementMass * outcomes).sum(along: 0)
        let variance = (elementMass * (outcomes - mean).squared()).sum(along: 0)
        let entropy = -(mass * logDensity).sum(along: 0)
        if let distribution = distribution as? any HasMean {
            expect(distribution.mean, mean, "mean against the density's")
        }
        if let distribution = distribution as? any HasVariance {
            expect(distribution.variance, variance, "variance against the density's")
        }
        if let distribution = distribution as? any HasEntropy {
            expect(distribution.entropy(), entropy, "entropy against the density's")
        }
        // One outcome for the whole batch.
        expect(
            distribution.logProbability(of: grid.points.selected(0, along: 0)),
            logDensity.selected(0, along: 0), "log density of an outcome without leading axes")
        return Moments(mean: mean, variance: variance, entropy: entropy)
    }

    func checkDraws(_ moments: Moments) {
        var generator = Generator(seed: 17)
        let draws = distribution.sample([Self.drawCount], using: &generator)
        let shape = [Self.drawCount] + batchShape + eventShape
        guard draws.shape == shape else {
            return report("draws \(draws.shape), expected \(shape)", nil, sourceLocation)
        }
        let deviations = draws - moments.mean
        expectMean(ofDraws: draws, is: moments.mean, "mean", sourceLocation: sourceLocation)
        expectMean(
            ofDraws: deviations.squared(), is: moments.variance, "variance", sourceLocation: sourceLocation)
        expectMean(
            ofDraws: -distribution.logProbability(of: draws), is: moments.entropy, "entropy",
            sourceLocation: sourceLocation)

        // Sums over each entry's event, multiplied pair by pair.
        let sums = (deviations / moments.variance.squareRoot()).reshaped(
            [Self.drawCount, batchShape.reduce(1, *), -1]
        ).sum(along: -1)
        let entries = sums.size(along: 1)
        let products = sums.expanded(at: 2) * sums.expanded(at: 1)
        expectMean(
            ofDraws: products * (1 - Tensor.identity(entries, dtype: .float64)),
            is: .zeros([entries, entries], dtype: .float64), "covariance of batch entries",
            sourceLocation: sourceLocation)

        let few = distribution.sample([2, 3], using: &generator)
        #expect(few.shape == [2, 3] + batchShape + eventShape, sourceLocation: sourceLocation)
        #expect(
            distribution.logProbability(of: few).shape == [2, 3] + batchShape, sourceLocation: sourceLocation)
        #expect(
            distribution.sample(using: &generator).shape == batchShape + eventShape,
            sourceLocation: sourceLocation)
    }

    func checkSeeds() {
        func draws(_ generator: inout Generator) -> [Double] {
            distribution.sample([64], using: &generator).array()
        }
        var first = Generator(seed: 5)
        var same = Generator(seed: 5)
        var other = Generator(seed: 6)
        let values = draws(&first)
        #expect(draws(&same) == values, "the same seed", sourceLocation: sourceLocation)
        #expect(draws(&other) != values, "another seed", sourceLocation: sourceLocation)
        #expect(draws(&first) != values, "the draws after", sourceLocation: sourceLocation)

        guard let distribution = distribution as? any Reparameterized else { return }
        var again = Generator(seed: 5)
        let draw = distribution.draw([64], using: &again)
        #expect(draw.value.array() == values, "the reparameterised draw", sourceLocation: sourceLocation)
        if let logProbability = draw.logProbability {
            expect(logProbability, distribution.logProbability(of: draw.value), "the draw's log density")
        }
    }

    private func expect(_ found: Tensor, _ expected: Tensor, _ comment: Comment) {
        expectClose(
            found, expected, relative: 1e-8, absolute: 1e-8, comment, sourceLocation: sourceLocation)
    }
}

extension Tensor {
    /// `[n] + event` as `[n, 1, ..., 1] + event`, so that each outcome meets every batch entry.
    fileprivate func spread(over batchShape: [Int]) -> Tensor {
        reshaped([size(along: 0)] + batchShape.map { _ in 1 } + shape.dropFirst())
    }
}
