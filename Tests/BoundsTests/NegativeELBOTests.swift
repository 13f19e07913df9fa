import Bounds
import Probability
import Tensors
import TestSupport
import Testing

@Suite("The objective")
struct NegativeELBOTests {
    @Test(
        "The rate's weight grows from 0 to 1 over the warm-up and stays there",
        arguments: [(0, 0, 1.0), (0, 9, 1), (4, 0, 0), (4, 1, 0.25), (4, 3, 0.75), (4, 4, 1), (4, 400, 1)])
    func weight(_ row: (warmUp: Int, step: Int, expected: Double)) {
        let objective = NegativeELBO(warmUp: WarmUp(steps: row.warmUp))
        #expect(objective.rateWeight(at: Moment(step: row.step)) == row.expected)
        #expect(objective.rateWeight(at: Moment(step: row.step).final) == 1)
        #expect(objective.isSettled(at: Moment(step: row.step)) == (row.expected == 1))
    }

    @Test(
        "In cycles it begins anew after each period",
        arguments: [(0, 0.0), (1, 0.5), (2, 1), (4, 1), (5, 0), (6, 0.5), (9, 1), (10, 0)])
    func cycles(_ row: (step: Int, expected: Double)) {
        #expect(WarmUp(steps: 2, period: 5).weight(atStep: row.step) == row.expected)
    }

    /// Distortion 2 a_i and rates 3 b_i and b_i², so that the loss is mean(2 a + β (3 b + b²)).
    static func trace(_ a: Tensor, _ b: Tensor) -> Trace {
        let model = WrittenModel { walk in
            let prior = Tensor([0.0]).unitGaussian
            walk.latent("first", prior: prior, posterior: Stated(cost: b * 3))
            walk.latent("second", prior: prior, posterior: Stated(cost: b.squared()))
            return Stated(cost: a * 2)
        }
        return model.trace(.zeros([a.count, 1], dtype: .float64), samples: 2)
    }

    @Test(
        "The loss is the batch mean of distortion and weighted rate, and so is its gradient",
        arguments: 0...5)
    func loss(step: Int) {
        let objective = NegativeELBO(warmUp: WarmUp(steps: 4))
        let weight = min(1, Double(step) / 4)
        let a = Tensor([1.0, -2, 4])
        let b = Tensor([0.5, 1, 2])
        let found = valueWithGradients(at: [a, b]) {
            objective.loss(of: Self.trace($0[0], $0[1]), at: Moment(step: step))
        }
        // Σ 2 a = 6, Σ 3 b + b² = 10.5 + 5.25.
        expectClose(found.value.scalar(), (6 + weight * 15.75) / 3, relative: 1e-14)
        expectClose(found.gradients[0], Tensor([2, 2, 2.0]) / 3, relative: 1e-14)
        expectClose(found.gradients[1], (b * 2 + 3) * (weight / 3), relative: 1e-14)
    }

    @Test("The full loss is the mean of −ELBO")
    func full() {
        let trace = Self.trace(Tensor([1.0, -2, 4]), Tensor([0.5, 1, 2]))
        expectClose(NegativeELBO().loss(of: trace, at: Moment()), -trace.bound.elbo.mean(), relative: 1e-14)
    }
}

/// A distribution over one number for each example, with a stated divergence and log density.
private struct Stated: Reparameterized, HasClosedFormDivergence {
    /// `[batch]`.
    let cost: Tensor
    let eventRank = 1
    var shape: [Int] { cost.shape + [1] }
    var dtype: DType { cost.dtype }

    func logProbability(of x: Tensor) -> Tensor { -cost }

    func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        Draw(.zeros(leading + shape, dtype: dtype))
    }

    func klDivergence(to other: any Distribution) -> Tensor? { cost }
}
