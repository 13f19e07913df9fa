import Datasets
import Diagnostics
import Evaluation
import Tensors
import Testing
import TestSupport

/// All combinations of four factors of six values each, the first without an order.
private let factors = [
    KnownFactor("kind", count: 6, isOrdered: false), KnownFactor("a", count: 6), KnownFactor("b", count: 6),
    KnownFactor("c", count: 6),
]
private let values = (0..<1296).map { [$0 / 216, $0 / 36 % 6, $0 / 6 % 6, $0 % 6] }

/// Codes of all combinations, each made of the factors' values about their means.
private func codes(_ code: ([Double]) -> [Double]) -> FactorCodes {
    let rows = values.map { row in code(row.map { Double($0) - 2.5 }) }
    return FactorCodes(rows.flatMap { $0 }, unitCount: rows[0].count, values: values, of: factors)
}

private func scores(of codes: FactorCodes, seed: UInt64 = 1) throws -> Disentanglement {
    var generator = Generator(seed: seed)
    var settings = Disentanglement.Settings()
    settings.repeats = 2
    settings.trainingVotes = 1000
    settings.testVotes = 500
    return try Disentanglement(of: codes, settings: settings, using: &generator)
}

@Suite("Disentanglement")
struct DisentanglementTests {
    @Test(
        "A unit for each factor scores 1 everywhere, whatever their order, size and sign",
        arguments: [[1, 1, 1, 1], [-3, 0.2, 100, -1]])
    func aUnitForEachFactor(sizes: [Double]) throws {
        let found = try scores(of: codes { zip($0, sizes).map { $0 * $1 }.reversed() })
        expectClose(found.mutualInformation.gap, 1, absolute: 1e-9)
        expectClose(found.attributePredictability.gap, 1, absolute: 1e-9)
        for (row, shares) in found.mutualInformation.shares.enumerated() {
            expectClose(shares, (0..<4).map { $0 == 3 - row ? 1 : 0 }, absolute: 1e-9)
        }
        for score in [found.disentanglement, found.completeness, found.informativeness] {
            #expect(score.mean > 0.97 && score.mean <= 1, "\(found)")
        }
        #expect(found.betaVAEScore.mean > 0.99)
        // All votes are right, which leaves the error of so many cases.
        #expect(found.factorVAEScore.mean == 1)
        #expect(found.factorVAEScore.standardError > 0 && found.factorVAEScore.standardError < 2e-3)
        #expect(found.units == [0, 1, 2, 3])
        #expect(found.examples == 1296)
    }

    @Test("Every factor in every unit alike scores near chance, though nothing is lost")
    func mixed() throws {
        // A Hadamard matrix: all entries of one size, so that no unit is any factor's more than another.
        let signs = [[1.0, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
        let found = try scores(of: codes { row in signs.map { zip($0, row).reduce(0) { $0 + $1.0 * $1.1 } } })
        expectLow(found)
        #expect(found.informativeness.mean > 0.5)
    }

    @Test("Codes that know nothing score near chance")
    func random() throws {
        var generator = Generator(seed: 3)
        let noise = generator.normal([1296 * 4], dtype: .float64).array(of: Double.self)
        let found = try scores(of: FactorCodes(noise, unitCount: 4, values: values, of: factors))
        expectLow(found)
        #expect(found.informativeness.mean < 0.05)
    }

    /// Each of the 16 shares is a χ² of 95 degrees of freedom, with a standard deviation of √(2/95) of itself; what comes
    /// after the first order of 1/n adds some percent.
    @Test("What chance adds to shares is as Miller has it, and is told unless all combinations are there")
    func chance() throws {
        var generator = Generator(seed: 12)
        let places = generator.permutation(of: 1296).prefix(1000)
        let noise = generator.uniform([1000 * 4], dtype: .float64).array(of: Double.self)
        let found = try scores(
            of: FactorCodes(noise, unitCount: 4, values: places.map { values[$0] }, of: factors))
        let told = try #require(found.chance)
        expectClose(told, 95 / (2000 * 1.791759469228055), relative: 1e-12)
        let shares = found.mutualInformation.shares.flatMap { $0 }
        expectClose(shares.reduce(0, +) / 16, told, relative: 4 * (2.0 / 95 / 16).squareRoot() + 0.07)
        #expect(found.mutualInformation.gap > 0 && found.mutualInformation.gap < told)
        let whole = try scores(of: codes { $0 })
        #expect(whole.chance == nil)
    }

    @Test("So few examples as chance would tell a tenth of a factor by are too few")
    func fewest() {
        let sprites = [3, 6, 32, 16, 16].map { KnownFactor("", count: $0) }
        // Of rotation: 19 · 31 / (2 · 0.1 · log 32) = 849.8.
        #expect(MutualInformation.fewestExamples(of: sprites) == 850)
        #expect(MutualInformation.chance(examples: 850, of: sprites).max()! <= 0.1)
        #expect(MutualInformation.chance(examples: 849, of: sprites).max()! > 0.1)
        #expect(MutualInformation.chance(examples: 10, of: [KnownFactor("", count: 1)]) == [0])
    }

    /// Chance finds one factor of four.
    private func expectLow(_ found: Disentanglement) {
        #expect(found.mutualInformation.gap < 0.05, "\(found)")
        #expect(found.attributePredictability.gap < 0.05, "\(found)")
        #expect(found.disentanglement.mean < 0.15, "\(found)")
        #expect(found.completeness.mean < 0.15, "\(found)")
        #expect(found.betaVAEScore.mean < 0.35, "\(found)")
        #expect(found.factorVAEScore.mean < 0.35, "\(found)")
    }

    @Test("A factor told twice leaves no gap, and is not complete")
    func twice() throws {
        let found = try scores(of: codes { $0 + [$0[0] * 2] })
        for gaps in [found.mutualInformation.gaps, found.attributePredictability.gaps] {
            expectClose(gaps, [0, 1, 1, 1], absolute: 1e-9)
        }
        #expect(found.disentanglement.mean > 0.97)
        #expect(found.factorVAEScore.mean == 1)
    }

    @Test("Two factors in one unit: complete, but not disentangled")
    func shared() throws {
        let found = try scores(of: codes { [$0[0], $0[1], $0[2] * 6 + $0[3]] })
        #expect(found.completeness.mean > 0.9 && found.disentanglement.mean < 0.9, "\(found)")
        #expect(found.betaVAEScore.mean < 0.99 || found.factorVAEScore.mean < 0.9, "\(found)")
    }

    @Test("Units that have collapsed are left out")
    func collapsed() throws {
        let whole = codes { [0, $0[0], $0[0] * 1e-3, $0[1], $0[2], $0[3]] }
        let found = try scores(of: whole)
        #expect(found.units == [1, 3, 4, 5])
        #expect(found.unitCount == 6)
        #expect(found.importances.count == 4)
        expectClose(found.mutualInformation.gap, 1, absolute: 1e-9)
        #expect(throws: DiagnosticsError.noActiveUnit) {
            try scores(of: codes { $0.map { $0 * 1e-3 } })
        }
    }

    @Test("The same seed gives the same scores, another one others within their errors")
    func seeds() throws {
        var generator = Generator(seed: 9)
        let noise = generator.normal([1296, 4], dtype: .float64).array(of: Double.self)
        let rows = zip(values.flatMap { $0 }, noise).map { Double($0) + 2 * $1 }
        let noisy = FactorCodes(rows, unitCount: 4, values: values, of: factors)
        let (one, again) = (try scores(of: noisy), try scores(of: noisy))
        let other = try scores(of: noisy, seed: 2)
        #expect(one == again)
        #expect(one.mutualInformation == other.mutualInformation)
        #expect(one.betaVAEScore != other.betaVAEScore)
        expectClose(one.betaVAEScore.mean, other.betaVAEScore.mean, absolute: 0.05)
        expectClose(one.factorVAEScore.mean, other.factorVAEScore.mean, absolute: 0.05)
        expectClose(one.disentanglement.mean, other.disentanglement.mean, absolute: 0.1)
    }
}

@Suite("Disentanglement by NumPy")
struct DisentanglementGoldenTests {
    private struct Golden: Decodable {
        let factors: [KnownFactor]
        let values: [[Int]]
        let codes: [Double]
        let shares: [Double]
        let informationGaps: [Double]
        let scores: [Double]
        let predictabilityGaps: [Double]

        var factorCodes: FactorCodes {
            FactorCodes(codes, unitCount: codes.count / values.count, values: values, of: factors)
        }
    }

    @Test("Mutual information of twenty bins, and its gaps")
    func mutualInformation() throws {
        let golden: Golden = try goldenValues("evaluation/disentanglement")
        let found = MutualInformation(of: golden.factorCodes)
        expectClose(found.shares.flatMap { $0 }, golden.shares, absolute: 1e-12)
        expectClose(found.gaps, golden.informationGaps, absolute: 1e-12)
        expectClose(found.gap, golden.informationGaps.reduce(0, +) / 3, absolute: 1e-12)
    }

    @Test("R² of factors with an order, balanced accuracy of classes, and their gaps")
    func predictability() throws {
        let golden: Golden = try goldenValues("evaluation/disentanglement")
        let found = AttributePredictability(of: golden.factorCodes)
        expectClose(found.scores.flatMap { $0 }, golden.scores, absolute: 1e-12)
        expectClose(found.gaps, golden.predictabilityGaps, absolute: 1e-12)
        expectClose(found.gap, golden.predictabilityGaps.reduce(0, +) / 3, absolute: 1e-12)
    }
}

@Suite("What the scores of disentanglement are made of")
struct DisentanglementPartTests {
    @Test("Boosted trees find a step, where it is, and the feature that has it")
    func trees() {
        var generator = Generator(seed: 4)
        let features = (0..<3).map { _ in generator.uniform([500], dtype: .float64).array(of: Double.self) }
        let step = features[1].map { $0 < 0.3 ? -1.0 : 2 }
        let trees = BoostedTrees(fitting: [step, step.map { 5 - $0 }], to: features)
        // Quantiles are a sixty-fourth apart, so an example next to the step may be on its other side.
        let far = features[1].indices.filter { abs(features[1][$0] - 0.3) > 0.02 }
        let found = trees.predictions(for: features)
        expectClose(far.map { found[0][$0] }, far.map { step[$0] }, absolute: 0.5)
        expectClose(far.map { found[1][$0] }, far.map { 5 - step[$0] }, absolute: 0.5)
        #expect(trees.importances[1] > 0.97 * trees.importances.reduce(0, +))
        let constant = BoostedTrees(fitting: [[7, 7, 7]], to: [[1, 2, 3]])
        #expect(constant.importances == [0])
        #expect(constant.predictions(for: [[-5, 9]]) == [[7, 7]])
    }

    @Test("Boosted trees find what takes two features together")
    func interaction() {
        var generator = Generator(seed: 5)
        let features = (0..<2).map { _ in generator.normal([800], dtype: .float64).array(of: Double.self) }
        let product = zip(features[0], features[1]).map { ($0 < 0) == ($1 < 0) ? 1.0 : -1 }
        let found = BoostedTrees(fitting: [product], to: features).predictions(for: features)[0]
        #expect(zip(found, product).count { $0 * $1 > 0 } > 760)
    }

    @Test("The linear discriminant is that of Gaussians of one covariance")
    func discriminant() {
        // Means ±(1, 0) and a correlation: the normal of the border is S⁻¹ (2, 0), not (2, 0).
        var generator = Generator(seed: 6)
        let noise = generator.normal([4000, 2], dtype: .float64)
        let root = Tensor([1.0, 0, 0.9, 0.4358898943540673], shape: [2, 2])
        let labels = Tensor((0..<4000).map { $0 % 2 })
        let side = (labels.converted(to: .float64) * 2 - 1).expanded(at: 1)
        let x = noise.matmul(root.transposed()) + side * Tensor([1.0, 0], shape: [1, 2])
        let found = LinearDiscriminant(fitting: x, labels: labels, classes: 3).accuracy(on: x, labels: labels)
        // Bayes: Φ(√(μᵀ S⁻¹ μ)), S⁻¹₁₁ = 1 / (1 − 0.81), and four standard errors of a share of 4000.
        let bayes = Tensor(1 / 0.19.squareRoot(), dtype: .float64).normalCDF().scalar()
        expectClose(found, bayes, absolute: 4 * (bayes * (1 - bayes) / 4000).squareRoot())
    }
}
