import Tensors
import TestSupport
import Testing

/// The fused passes of a diagonal Gaussian against the same formulas composed in float64.
@Suite("Gaussian passes")
struct GaussianTests {
    static func double(_ x: Tensor) -> Tensor { x.converted(to: .float64) }

    static func draw(_ x: [Tensor], noise: Tensor) -> Tensor { x[0] + (x[1] * 0.5).exp() * noise }

    static func divergence(_ x: [Tensor]) -> Tensor {
        let ratio = x[1] - x[3]
        return (ratio.exp() - 1 - ratio + (x[0] - x[2]).squared() * (-x[3]).exp()) * 0.5
    }

    static func softClamp(_ x: Tensor, limit: Double) -> Tensor {
        let excess = (x.magnitude() - limit).relu()
        return x.clamped(from: -limit, to: limit) + x.sign() * excess.logOnePlus()
    }

    /// Gradients of a weighted sum, so that every element's slope is its own.
    static func gradients(_ inputs: [Tensor], of f: ([Tensor]) -> Tensor) -> [Tensor] {
        valueWithGradients(at: inputs) { inputs in
            let y = f(inputs)
            let weight = Tensor.linearSpace(from: 1, to: 2, count: y.count, dtype: y.dtype).reshaped(y.shape)
            return (y * weight).sum()
        }.gradients
    }

    /// Each of the `terms` of the longest sum adds a rounding error of float32.
    static func expectSame(
        _ inputs: [Tensor], terms: Int = 1, _ fused: ([Tensor]) -> Tensor, _ composed: ([Tensor]) -> Tensor
    ) {
        let exact = inputs.map(double)
        expectClose(
            fused(inputs), composed(exact), relative: 1e-6, absolute: 1e-6 + 1e-8 * Double(terms))
        for (a, b) in zip(gradients(inputs, of: fused), gradients(exact, of: composed)) {
            expectClose(a, b, relative: 2e-6, absolute: 1e-5)
        }
    }

    @Test(
        "A draw and its slopes are those of μ + exp(½ log σ²) ε",
        arguments: [([128, 20], [1]), ([4, 3], [50]), ([7], []), ([3, 1000], [2, 9])])
    func draw(_ shape: [Int], leading: [Int]) {
        var generator = Generator(seed: 3)
        let inputs = [generator.normal(shape), generator.normal(shape) * 3]
        let noise = generator.normal(leading + shape)
        Self.expectSame(
            inputs, { $0[0].gaussianDraw(logVariance: $0[1], noise: noise) },
            { Self.draw($0, noise: Self.double(noise)) })
    }

    @Test("A log-variance that is broadcast takes the composition, with the same result")
    func broadcastVariance() {
        var generator = Generator(seed: 4)
        let noise = generator.normal([5, 4, 3])
        Self.expectSame(
            [generator.normal([4, 3]), Tensor(0.7)],
            { $0[0].gaussianDraw(logVariance: $0[1], noise: noise) },
            { Self.draw($0, noise: Self.double(noise)) })
    }

    @Test(
        "A divergence and all its slopes are those of the formula",
        arguments: [([128, 20], [20]), ([6, 5], [6, 5]), ([3, 4, 700], [4, 700]), ([9], [9])])
    func divergence(_ shape: [Int], prior: [Int]) {
        var generator = Generator(seed: 5)
        let posterior = [generator.normal(shape), generator.normal(shape) * 3]
        let prior = [generator.normal(prior), generator.normal(prior)]
        Self.expectSame(
            posterior,
            { $0[0].gaussianDivergence(logVariance: $0[1], fromMean: prior[0], logVariance: prior[1]) },
            { Self.divergence($0 + prior.map(Self.double)) })
        // A prior that learns.
        Self.expectSame(
            posterior + prior,
            { $0[0].gaussianDivergence(logVariance: $0[1], fromMean: $0[2], logVariance: $0[3]) },
            Self.divergence)
    }

    @Test(
        "A log density and its slopes are those of the formula, whichever of the three lacks leading axes",
        arguments: [
            ([50, 20, 50], [20, 50], [20, 50]), ([128, 20], [20], [20]), ([5, 7], [3, 5, 7], [3, 5, 7]),
            ([9], [9], [9]),
            ([2, 3, 700], [3, 700], [700]), ([4, 3], [4, 3], [4, 1]),
        ])
    func logProbability(_ x: [Int], mean: [Int], logVariance: [Int]) {
        var generator = Generator(seed: 6)
        Self.expectSame(
            [generator.normal(x), generator.normal(mean), generator.normal(logVariance)],
            { $0[0].gaussianLogProbability(mean: $0[1], logVariance: $0[2]) },
            { x in
                let elements = (x[0] - x[1]).squared() * (-x[2]).exp() + x[2] + 1.8378770664093453
                return elements.sum(along: [-1]) * -0.5
            })
    }

    @Test(
        "A mixture's log density and its slopes are those of the formula",
        arguments: [(7, 3, 5), (100, 40, 33), (1, 1, 1), (3, 2, 130)])
    func mixture(_ rows: Int, size: Int, components: Int) {
        var generator = Generator(seed: 8)
        let inputs = [
            generator.normal([rows, size]) * 2, generator.normal([components]).logSoftmax(along: 0),
            generator.normal([components, size]), generator.normal([components, size]) * 0.5,
        ]
        func formula(_ x: [Tensor]) -> Tensor {
            let elements = (x[0].expanded(at: 1) - x[2]).squared() * (-x[3]).exp() + x[3] + 1.8378770664093453
            return (elements.sum(along: [-1]) * -0.5 + x[1]).logSumExp(along: -1)
        }
        func fused(_ x: [Tensor]) -> Tensor {
            x[0].gaussianMixtureLogProbability(logWeights: x[1], means: x[2], logVariances: x[3])
        }
        let exact = inputs.map(Self.double)
        expectClose(fused(inputs), formula(exact), relative: 2e-6, absolute: 2e-6)
        expectClose(fused(exact), formula(exact), relative: 1e-12)
        for (a, b) in zip(Self.gradients(inputs, of: fused), Self.gradients(exact, of: formula)) {
            // A component's weight is the exponential of a difference of logarithms in the hundreds.
            expectClose(a, b, relative: 2e-4, absolute: 2e-4)
        }
    }

    @Test("exp keeps float32's precision over its whole range, and overflows to infinity beyond")
    func exponential() {
        // With m = n and w = 0 the divergence is ½ (eᵛ − 1 − v).
        let v = Tensor.linearSpace(from: 1, to: 88.7, count: 4001)
        let zero = Tensor.zeros([4001])
        let found = zero.gaussianDivergence(logVariance: v, fromMean: zero, logVariance: zero)
        let exact = Self.double(v)
        expectClose(found, (exact.exp() - 1 - exact) * 0.5, relative: 5e-7)
        let one = Tensor.zeros([1])
        for (v, expected) in [(Float(89), Float.infinity), (-200, 99.5)] {
            let value = one.gaussianDivergence(
                logVariance: Tensor([v]), fromMean: one, logVariance: one)
            #expect(value.array() == [expected])
        }
    }

    @Test("A soft clamp is the identity within, grows like a logarithm beyond, and has a slope everywhere")
    func softClamp() {
        let x = Tensor([-1e30, -1e4, -10.5, -9.75, -3, 0, 9.75, 9.999, 11, 80, 1e30] as [Float])
        Self.expectSame([x], { $0[0].softClamped(to: 10) }, { Self.softClamp($0[0], limit: 10) })
        #expect(x.softClamped(to: 10)[.range(3..<8)].array(of: Float.self) == [-9.75, -3, 0, 9.75, 9.999])
        #expect((x.softClamped(to: 10).magnitude() .< 80.0).array(of: Bool.self).allSatisfy { $0 })
        let slopes = gradient(at: x) { $0.softClamped(to: 10).sum() }
        #expect((slopes .> 0.0).array(of: Bool.self).allSatisfy { $0 })
    }

    @Test("Mean and log-variance are the halves, and so are their gradients")
    func parameters() {
        var generator = Generator(seed: 13)
        let x = generator.normal([3, 5, 8]) * 6
        func weighted(_ mean: Tensor, _ logVariance: Tensor) -> Tensor { mean.sin() + logVariance.squared() }
        Self.expectSame(
            [x],
            {
                let found = $0[0].gaussianParameters(logVarianceLimit: 5)
                return weighted(found.mean, found.logVariance)
            },
            {
                let halves = $0[0].split([4, 4], along: -1)
                return weighted(halves[0], Self.softClamp(halves[1], limit: 5))
            })
        let found = x.gaussianParameters(logVarianceLimit: 5)
        #expect(found.mean.shape == [3, 5, 4] && (found.mean .== x.split([4, 4], along: -1)[0]).allTrue())
    }

    @Test("NaN and infinity are not hidden")
    func notFinite() {
        let odd = Tensor([.nan, .infinity, -.infinity, 1] as [Float])
        let clamped: [Float] = odd.softClamped(to: 10).array()
        #expect(clamped[0].isNaN && clamped[1...] == [.infinity, -.infinity, 1])
        let zero = Tensor.zeros([4])
        #expect(
            odd.gaussianDraw(logVariance: zero, noise: zero).isNaN().array() == [true, false, false, false])
        let kl = zero.gaussianDivergence(logVariance: odd, fromMean: zero, logVariance: zero)
        #expect(kl.isFinite().array() == [false, false, false, true])
    }

    @Test("Second derivatives are those of the composition")
    func secondDerivatives() {
        var generator = Generator(seed: 7)
        let inputs = [generator.normal([4, 3]), generator.normal([4, 3]) * 8]
        let noise = generator.normal([2, 4, 3])
        func curvature(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
            valueWithGradients(at: inputs) { outer in
                let first = valueWithGradients(at: outer, isDifferentiable: true) { f($0).sin().sum() }
                return first.gradients[0].squared().sum() + first.gradients[1].sin().sum()
            }.gradients
        }
        func expectSameCurvature(_ fused: ([Tensor]) -> Tensor, _ composed: ([Tensor]) -> Tensor) {
            for (a, b) in zip(curvature(inputs, fused), curvature(inputs.map(Self.double), composed)) {
                expectClose(a, b, relative: 1e-3, absolute: 1e-3)
            }
        }
        expectSameCurvature(
            { $0[0].gaussianDraw(logVariance: $0[1].softClamped(to: 2), noise: noise) },
            { Self.draw([$0[0], Self.softClamp($0[1], limit: 2)], noise: Self.double(noise)) })
        let zero = Tensor.zeros([3])
        expectSameCurvature(
            {
                $0[0].gaussianDivergence(
                    logVariance: $0[1].softClamped(to: 2), fromMean: zero, logVariance: zero)
            },
            {
                Self.divergence([
                    $0[0], Self.softClamp($0[1], limit: 2), Self.double(zero), Self.double(zero),
                ])
            })
    }

    @Test("Nothing leaks from a step")
    func leaks() {
        let x = Tensor.zeros([4, 8])
        expectNoLeaks {
            _ = gradient(at: x) {
                let v = $0.softClamped(to: 3)
                let z = $0.gaussianDraw(logVariance: v, noise: .ones([2, 4, 8]))
                return z.sum() + $0.gaussianDivergence(logVariance: v, fromMean: x, logVariance: x).sum()
            }
        }
    }
}

extension Tensor {
    /// The guard of a log-variance alone.
    fileprivate func softClamped(to limit: Double) -> Tensor {
        Tensor.concatenated([self, self], along: -1).gaussianParameters(logVarianceLimit: limit).logVariance
    }
}
