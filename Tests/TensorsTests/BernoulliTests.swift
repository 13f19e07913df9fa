import Tensors
import TestSupport
import Testing

/// The fused kernel against Σ x·l − softplus(l) composed in float64.
@Suite("Bernoulli log-probability")
struct BernoulliTests {
    /// Softplus is written out, since LibTorch's drops e⁻ˡ above 20, and in an order that loses no small rest.
    static func composed(_ logits: Tensor, _ x: Tensor) -> Tensor {
        let rest = (-logits.magnitude()).exp().logOnePlus()
        return (x * logits - logits.relu() - rest).sum(along: -1)
    }

    static func double(_ x: Tensor) -> Tensor { x.converted(to: .float64) }

    static let shapes: [(logits: [Int], x: [Int])] = [
        ([5, 784], [5, 784]), ([3, 4, 65], [4, 65]), ([3, 4, 2, 17], [17]), ([7], [7]),
        ([300, 1], [300, 1]),
        ([3, 4, 33], [1, 33]), ([4, 33], [2, 4, 33]),
    ]

    @Test(
        "Values and both gradients are those of the composition, x repeated along leading axes",
        arguments: shapes)
    func composition(_ shape: (logits: [Int], x: [Int])) {
        var generator = Generator(seed: 11)
        let logits = generator.normal(shape.logits) * 4
        for x in [(generator.uniform(shape.x) .< 0.4).converted(to: .float32), generator.uniform(shape.x)] {
            let y = logits.bernoulliLogProbability(of: x)
            let weight = Tensor.linearSpace(from: 1, to: 2, count: y.count).reshaped(y.shape)
            let found = valueWithGradients(at: [logits, x]) {
                ($0[0].bernoulliLogProbability(of: $0[1]) * weight).sum()
            }
            let expected = valueWithGradients(at: [logits, x].map(Self.double)) {
                (Self.composed($0[0], $0[1]) * weight).sum()
            }
            expectClose(y, Self.composed(Self.double(logits), Self.double(x)), relative: 1e-6, absolute: 1e-6)
            for (a, b) in zip(found.gradients, expected.gradients) {
                expectClose(a, b, relative: 1e-6, absolute: 1e-5)
            }
        }
    }

    @Test("The slope is x − σ(l) to float32's precision, also in the tails")
    func slope() {
        let logits = Tensor.linearSpace(from: -40, to: 40, count: 4001)
        for x in [Tensor.zeros([4001]), Tensor.ones([4001]), Tensor(repeating: 0.25, shape: [4001])] {
            let found = gradient(at: logits) { $0.bernoulliLogProbability(of: x) }
            expectClose(found, Self.double(x) - Self.double(logits).sigmoid(), absolute: 1.2e-7)
        }
        let far = gradient(at: logits) { $0.bernoulliLogProbability(of: Tensor.zeros([4001])) }
        let negative = (logits .< 0.0)
        expectClose(
            far.elements(where: negative), -Self.double(logits).sigmoid().elements(where: negative),
            relative: 1e-6)
    }

    @Test("A likely outcome keeps its digits: −log(1 + e⁻|l|) at every logit")
    func tails() {
        let logits = Tensor.linearSpace(from: -80, to: 80, count: 3201).reshaped([3201, 1])
        let likely = (logits .> 0.0).converted(to: .float32)
        expectClose(
            logits.bernoulliLogProbability(of: likely),
            Self.composed(Self.double(logits), Self.double(likely)),
            relative: 1e-6)
        expectClose(
            logits.bernoulliLogProbability(of: 1 - likely),
            Self.composed(Self.double(logits), 1 - Self.double(likely)), relative: 3e-7)
    }

    @Test(
        "Certain rows lose nothing to one another, however large the logits", arguments: [0, 1e-30, 30, 1e4])
    func extremes(_ size: Double) {
        var generator = Generator(seed: 2)
        let signs = generator.normal([3, 784]).sign()
        // Uneven sizes, whose sums would not cancel exactly.
        let logits = signs * (generator.uniform([3, 784]) * 0.1 + 1) * size
        let likely = (signs .> 0.0).converted(to: .float32)
        let expected = Self.composed(Self.double(logits), Self.double(likely))
        expectClose(logits.bernoulliLogProbability(of: likely), expected, relative: 1e-6, absolute: 1e-30)
        expectClose(
            logits.bernoulliLogProbability(of: 1 - likely),
            Self.composed(Self.double(logits), 1 - Self.double(likely)), relative: 1e-6)
        let slope = gradient(at: logits) { $0.bernoulliLogProbability(of: 1 - likely).sum() }
        expectClose(slope, 1 - Self.double(likely) - Self.double(logits).sigmoid(), absolute: 1.2e-7)
    }

    @Test("NaN in a logit or an observation reaches the value and the gradient of its own row only")
    func notANumber() {
        var (logits, x) = ([Float](repeating: 1, count: 60), [Float](repeating: 0, count: 60))
        logits[3] = .nan
        x[25] = .nan
        let arguments = [Tensor(logits, shape: [3, 20]), Tensor(x, shape: [3, 20])]
        let rows = arguments[0].bernoulliLogProbability(of: arguments[1])
        #expect(rows.isNaN().array() == [true, true, false])
        let slope = gradient(at: arguments[0]) { $0.bernoulliLogProbability(of: arguments[1]).sum() }
        #expect(slope.isNaN().converted(to: .int64).sum(along: 1).array() == [1, 1, 0])
    }

    @Test("Bytes and float64 take the composition, with the same result")
    func otherTypes() {
        var generator = Generator(seed: 4)
        let logits = generator.normal([6, 30])
        let x = generator.uniform([6, 30]) .< 0.5
        let expected = Self.composed(Self.double(logits), Self.double(x))
        let bytes = logits.bernoulliLogProbability(of: x.converted(to: .uint8))
        #expect(bytes.dtype == .float32)
        expectClose(bytes, expected, relative: 1e-6)
        expectClose(Self.double(logits).bernoulliLogProbability(of: Self.double(x)), expected, relative: 1e-8)
        #expect(Tensor.zeros([0, 5]).bernoulliLogProbability(of: Tensor.zeros([0, 5])).shape == [0])
        #expect(
            Tensor.zeros([2, 0]).bernoulliLogProbability(of: Tensor.zeros([2, 0])).array() == [Float(0), 0])
    }

    @Test("Layouts that are not contiguous give the same value and gradient")
    func layouts() {
        var generator = Generator(seed: 6)
        let logits = generator.normal([30, 4]).transposed()
        let x = generator.uniform([4, 60])[.all, .range(0..<60, by: 2)]
        let (value, gradients) = valueWithGradients(at: [logits, x]) {
            $0[0].bernoulliLogProbability(of: $0[1]).sum()
        }
        let expected = valueWithGradients(at: [logits.contiguous(), x.contiguous()]) {
            $0[0].bernoulliLogProbability(of: $0[1]).sum()
        }
        expectClose(value, expected.value)
        expectClose(gradients[0], expected.gradients[0])
        expectClose(gradients[1], expected.gradients[1])
    }

    @Test("Second derivatives are those of the composition")
    func secondDerivatives() {
        var generator = Generator(seed: 7)
        let inputs = [generator.normal([2, 3, 9]), generator.uniform([3, 9])]
        func curvature(_ inputs: [Tensor], _ f: (Tensor, Tensor) -> Tensor) -> [Tensor] {
            valueWithGradients(at: inputs) { outer in
                let first = valueWithGradients(at: outer, isDifferentiable: true) {
                    f($0[0], $0[1]).sin().sum()
                }
                return first.gradients[0].squared().sum() + first.gradients[1].exp().sum()
            }.gradients
        }
        let found = curvature(inputs) { $0.bernoulliLogProbability(of: $1) }
        for (a, b) in zip(found, curvature(inputs.map(Self.double), Self.composed)) {
            expectClose(a, b, relative: 1e-4, absolute: 1e-4)
        }
    }

    @Test("Nothing leaks from a step")
    func leaks() {
        let logits = Tensor.zeros([4, 8])
        expectNoLeaks { _ = gradient(at: logits) { $0.bernoulliLogProbability(of: .ones([8])).sum() } }
    }
}
