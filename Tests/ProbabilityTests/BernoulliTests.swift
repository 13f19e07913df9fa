import Foundation
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Bernoulli elements")
struct BernoulliTests {
    @Test("Certain elements cost nothing or their logit, without overflow", arguments: [0, 1])
    func extremes(eventRank: Int) {
        let logits = Tensor([-800, 800, 800, -800.0], shape: [4, 1])
        let x = Tensor([0, 1, 0, 1.0], shape: [4, 1])
        let found = Bernoulli(logits: logits, eventRank: eventRank).logProbability(of: x)
        expectClose(found.reshaped([4]), Tensor([0, 0, -800, -800.0]), absolute: 1e-12)
    }

    @Test("On a grey value it is the cross-entropy")
    func grey() {
        let p = 0.3
        let logit = log(p / (1 - p))
        let found = Bernoulli(logits: Tensor([logit]), eventRank: 1).logProbability(of: Tensor([0.8]))
        expectClose(found.scalar(), 0.8 * log(p) + 0.2 * log(1 - p), relative: 1e-12)
    }

    @Test("Draws are zeros and ones of the logits' type", arguments: [DType.float32, .float64])
    func draws(_ dtype: DType) {
        var generator = Generator(seed: 9)
        let logits = Tensor.linearSpace(from: -3, to: 3, count: 50, dtype: dtype)
        let draws = Bernoulli(logits: logits, eventRank: 1).sample([20], using: &generator)
        #expect(draws.dtype == dtype)
        #expect(((draws .== 0.0) .| (draws .== 1.0)).allTrue())
    }
}
