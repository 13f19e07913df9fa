import Bounds
import Evaluation
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

/// q(z | x) = N((x, 0.3), diag(¼, 1)): the second unit says nothing of x.
final class OneUsefulUnit: LatentVariableModel {
    func callAsFunction(_ walk: Walk) -> any Distribution {
        Self.likelihood(of: walk.latent("z", prior: Self.prior, posterior: walk.evidence(Self.posterior)))
    }

    static let prior = DiagonalGaussian.standard(2, dtype: .float64)

    static func posterior(of x: Tensor) -> DiagonalGaussian {
        let constant = Tensor(repeating: 0.3, shape: x.shape, dtype: .float64)
        return DiagonalGaussian(
            mean: .concatenated([x, constant], along: 1), logVariance: Tensor([log(0.25), 0]))
    }

    static func likelihood(of z: Tensor) -> DiagonalGaussian {
        DiagonalGaussian(
            mean: z.sliced(along: -1, from: 0, to: 1), logVariance: Tensor(0, dtype: .float64))
    }
}

/// The same model with its units exchanged by a flow, which has no mean to report but the image of its base's.
private final class Exchanged: LatentVariableModel {
    func callAsFunction(_ walk: Walk) -> any Distribution {
        let posterior = walk.evidence {
            TransformedDistribution(OneUsefulUnit.posterior(of: $0), by: Permutation.reversal(of: 2))
        }
        return OneUsefulUnit.likelihood(
            of: walk.latent("z", prior: OneUsefulUnit.prior, posterior: posterior))
    }
}

/// A distribution that keeps its closed forms to itself.
private struct Opaque: Reparameterized {
    let base: any Reparameterized

    var eventRank: Int { base.eventRank }
    var shape: [Int] { base.shape }
    var dtype: DType { base.dtype }

    func logProbability(of x: Tensor) -> Tensor { base.logProbability(of: x) }

    func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        base.draw(leading, using: &generator)
    }
}

/// The toy with posteriors that are known by their densities alone.
private final class OpaqueModel: LatentVariableModel {
    private let base = LinearGaussianModel()

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let posterior = walk.evidence { [base] in Opaque(base: base.posterior(of: $0)) }
        return base.likelihood(of: walk.latent("z", prior: base.prior, posterior: posterior))
    }
}

@Suite("Statistics of latent units")
struct UnitStatisticsTests {
    @Test("A unit that ignores x costs its rate and is not active", arguments: [[4], [1, 3], [1, 1, 1, 1]])
    func units(_ batches: [Int]) {
        let x = Tensor([-1.0, 0, 1, 2], shape: [4, 1])
        let found = evaluate(OneUsefulUnit(), x, batches: batches)
        // Over these x the mean of x² is 1.5 and its variance 1.25.
        let rates = [(0.25 + 1.5 - 1 - log(0.25)) / 2, (1 + 0.3 * 0.3 - 1) / 2]
        expectClose(found.unitRates, rates, relative: 1e-12)
        expectClose(found.unitVariances, [1.25, 0], absolute: 1e-12)
        #expect(found.activeUnits == 1)
    }

    @Test("The units of a flow are told by the variance of its centre, and have no rates")
    func centre() {
        let found = evaluate(Exchanged(), Tensor([-1.0, 0, 1, 2], shape: [4, 1]))
        expectClose(found.unitVariances, [0, 1.25], absolute: 1e-12)
        #expect(found.unitRates == [])
        #expect(found.unitsByUse == [1, 0])
    }

    @Test("A unit is active when its variance is above 0.01")
    func threshold() {
        var found = evaluate(OneUsefulUnit(), Tensor([-1.0, 1], shape: [2, 1]))
        found.unitVariances = [0.01, 0.0101, 0, 5, .nan]
        #expect(found.activeUnits == 2)
    }

    @Test("An active unit carries information from a rate of 0.05 nats on, and where no rates are known")
    func informative() {
        var found = evaluate(OneUsefulUnit(), Tensor([-1.0, 1], shape: [2, 1]))
        found.unitVariances = [0.02, 0.02, 0.001, 5]
        found.unitRates = [0.049, 0.05, 3, 3]
        #expect(found.activeUnits == 3 && found.informativeUnits == 2)
        found.unitRates = []
        #expect(found.informativeUnits == 3)
    }

    @Test("The units of several groups lie side by side, and their rates add up to the rate")
    func groups() {
        func found(_ groupSizes: [Int]) -> Evaluation {
            evaluate(LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4), fiveExamples)
        }
        let whole = found([2])
        let cut = found([1, 1])
        expectClose(cut.unitRates, whole.unitRates, relative: 1e-12)
        expectClose(cut.unitVariances, whole.unitVariances, relative: 1e-12)
        expectClose(whole.unitRates.reduce(0, +), whole.rate.mean, relative: 1e-12)
        expectClose(cut.rate, whole.rate)
        #expect(whole.rates == [GroupEstimate("z0", whole.rate)])
        #expect(cut.rates.map(\.group) == ["z0", "z1"])
        for (found, rate) in zip(cut.rates, whole.unitRates) {
            expectClose(found.rate.mean, rate, relative: 1e-12)
        }
        #expect(whole.activeUnits == 2)
    }

    /// From the draws, the rate of an exact posterior is log p(x | z) − log p(x): none of the noise is left.
    @Test("Without a closed form there are no units, and the rate is found from the draws")
    func opaque() {
        let exact = LinearGaussianModel().exactLogLikelihood(of: fiveExamples)
        let found = evaluate(OpaqueModel(), fiveExamples, batches: [2, 3], boundSamples: 2)
        #expect(found.unitRates == [] && found.unitVariances == [] && found.activeUnits == 0)
        expectClose(found.elbo, Estimate(of: exact.array()))
    }
}
