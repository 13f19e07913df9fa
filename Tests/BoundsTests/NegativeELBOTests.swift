import Bounds
import Tensors
import TestSupport
import Testing

@Suite("The objective")
struct NegativeELBOTests {
    @Test(
        "The rate's weight grows from 0 to 1 over the warm-up and stays there",
        arguments: [(0, 0, 1.0), (0, 9, 1), (4, 0, 0), (4, 1, 0.25), (4, 3, 0.75), (4, 4, 1), (4, 400, 1)])
    func weight(_ row: (warmUp: Int, step: Int, expected: Double)) {
        #expect(NegativeELBO(warmUp: WarmUp(steps: row.warmUp)).rateWeight(atStep: row.step) == row.expected)
    }

    @Test(
        "In cycles it begins anew after each period",
        arguments: [(0, 0.0), (1, 0.5), (2, 1), (4, 1), (5, 0), (6, 0.5), (9, 1), (10, 0)])
    func cycles(_ row: (step: Int, expected: Double)) {
        #expect(WarmUp(steps: 2, period: 5).weight(atStep: row.step) == row.expected)
    }

    /// Distortion 2 a_i and rates 3 b_i and b_i², so that the loss is mean(2 a + β (3 b + b²)).
    static func bound(_ a: Tensor, _ b: Tensor) -> Bound {
        Bound(distortion: a * 2, rates: [b * 3, b.squared()])
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
            objective.loss(of: Self.bound($0[0], $0[1]), atStep: step)
        }
        // Σ 2 a = 6, Σ 3 b + b² = 10.5 + 5.25.
        expectClose(found.value.scalar(), (6 + weight * 15.75) / 3, relative: 1e-14)
        expectClose(found.gradients[0], Tensor([2, 2, 2.0]) / 3, relative: 1e-14)
        expectClose(found.gradients[1], (b * 2 + 3) * (weight / 3), relative: 1e-14)
    }

    @Test("The full loss is the mean of −ELBO")
    func full() {
        let bound = Self.bound(Tensor([1.0, -2, 4]), Tensor([0.5, 1, 2]))
        expectClose(NegativeELBO().loss(of: bound, atStep: 0), -bound.elbo.mean(), relative: 1e-14)
    }
}
