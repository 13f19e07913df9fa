import Tensors
import TestSupport
import Testing

/// The fused mixture of logistics against the formula composed in float64.
@Suite("Mixtures of logistics")
struct LogisticMixtureTests {
    static func composed(_ p: Tensor, _ x: Tensor, components k: Int, spacing: Double) -> Tensor {
        let (images, pixels, channels) = (p.size(along: 0), p.size(along: 2), x.size(along: 1))
        let many = k * channels
        let parts = p.split([k, many, many] + (channels == 3 ? [many] : []), along: 1)
        func each(_ part: Tensor) -> Tensor { part.reshaped([images, k, channels, pixels]) }
        let observed = x.expanded(at: 1)
        func seen(_ c: Int) -> Tensor { observed.sliced(along: 2, from: c, to: c + 1) }
        var locations = each(parts[1])
        if channels == 3 {
            let t = each(parts[3]).tanh()
            func own(_ part: Tensor, _ c: Int) -> Tensor { part.sliced(along: 2, from: c, to: c + 1) }
            locations = Tensor.concatenated(
                [
                    own(locations, 0), own(locations, 1) + own(t, 0) * (seen(0) - 0.5),
                    own(locations, 2) + own(t, 1) * (seen(0) - 0.5) + own(t, 2) * (seen(1) - 0.5),
                ], along: 2)
        }
        let inverse = (-((each(parts[2]) + 5).softplus() - 7)).exp()
        let middle = (observed - 0.5 - locations) * inverse
        let half = inverse * (spacing / 2)
        let zero = Tensor(0, dtype: .float64)
        let (isLowest, isHighest) = (observed .< spacing / 2, observed .> 1 - spacing / 2)
        // σ(b) − σ(a) = σ(b) σ(−a) (1 − e^−(b−a)), which loses no digits in the tails.
        let below = (middle + half).logSigmoid().replacing(with: zero, where: isHighest)
        let above = (half - middle).logSigmoid().replacing(with: zero, where: isLowest)
        let between = (-(half * -2).expMinusOne()).log().replacing(
            with: zero, where: isLowest .| isHighest)
        let logs = (below + above + between).sum(along: 2) + parts[0].logSoftmax(along: 1)
        return logs.logSumExp(along: 1).sum(along: 1)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let images, channels, components, pixels, own: Int
        var testDescription: String {
            "\(images) images of \(channels) × \(pixels), \(components) components"
        }
    }

    static let cases = [
        Case(images: 2, channels: 3, components: 10, pixels: 64, own: 2),
        Case(images: 6, channels: 3, components: 4, pixels: 70, own: 3),
        Case(images: 3, channels: 1, components: 5, pixels: 3, own: 3),
        Case(images: 2, channels: 2, components: 3, pixels: 130, own: 1),
    ]

    @Test(
        "Values and slopes are those of the formula, in either memory order", arguments: cases, [false, true])
    func composition(_ sizes: Case, isTransposed: Bool) {
        var generator = Generator(seed: 12)
        let numbers = sizes.components * (1 + 2 * sizes.channels + (sizes.channels == 3 ? 3 : 0))
        let levels = (generator.uniform([sizes.own, sizes.channels, sizes.pixels]) * 1.4 - 0.2).clamped(
            from: 0, to: 1)
        let x = (levels * 255).rounded() / 255
        var p = generator.normal([sizes.images, numbers, sizes.pixels])
        p = p * 0.7
        if isTransposed { p = p.transposed(1, 2).contiguous().transposed(1, 2) }
        let weight = Tensor.linearSpace(from: 1, to: 2, count: sizes.images)
        let repeated = Tensor.concatenated(
            Array(repeating: x.converted(to: .float64), count: sizes.images / sizes.own), along: 0)
        let exact = p.converted(to: .float64)
        func fused(_ p: Tensor) -> Tensor {
            p.logisticMixtureLogProbability(of: x, components: sizes.components, spacing: 1.0 / 255)
        }
        func formula(_ p: Tensor) -> Tensor {
            Self.composed(p, repeated, components: sizes.components, spacing: 1.0 / 255)
        }
        expectClose(fused(p), formula(exact), relative: 2e-6)
        let found = gradient(at: p) { (fused($0) * weight).sum() }
        let expected = gradient(at: exact) { (formula($0) * weight.converted(to: .float64)).sum() }
        expectClose(found, expected, relative: 1e-4, absolute: 2e-5)
    }

    @Test("Outcomes far from every component keep finite values and slopes")
    func tails() {
        // One narrow component at 0.9, levels everywhere.
        let x = (Tensor.range(to: 256) / 255).reshaped([1, 1, 256])
        let p = Tensor.stacked([
            .zeros([256]), Tensor(repeating: 0.4, shape: [256]), Tensor(repeating: -20, shape: [256]),
        ])
        .reshaped([1, 3, 256])
        let (value, slopes) = valueWithGradients(at: [p]) {
            $0[0].logisticMixtureLogProbability(of: x, components: 1, spacing: 1.0 / 255).sum()
        }
        #expect(value.isFinite().allTrue())
        #expect(slopes[0].isFinite().allTrue())
    }
}
