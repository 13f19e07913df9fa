import Tensors
import TestSupport
import Testing

@Suite("Gradient checks")
struct GradientTests {
    let x = Tensor([0.3, -0.7, 1.1])

    @Test("A right gradient passes, for one input and for several")
    func right() {
        expectGradientMatches(at: x) { ($0.squared() * $0.exp()).sum() }
        expectGradientsMatch(at: [x, Tensor(0.5)]) { ($0[0] * $0[1]).sin() }
    }

    @Test("A gradient that is cut off, scaled or at the wrong places fails")
    func wrong() {
        withKnownIssue { expectGradientMatches(at: x) { $0.withoutGradient() * $0 } }
        withKnownIssue {
            expectGradientMatches(at: x) { x in
                let constant = x.withoutGradient()
                return x.reversed(along: 0) - constant.reversed(along: 0) + constant
            }
        } matching: {
            $0.says("gradient of input 0 against central differences")
        }
    }
}
