import Foundation
import Tensors
import TestSupport
import Testing

/// The distribution of draws, at fixed seeds.
///
/// A statistic may stray four standard errors from what it estimates; Kolmogorov and Smirnov's √n·D may reach
/// 1.95, which chance exceeds once in a thousand.
@Suite("Draws")
struct DrawTests {
    static let types = [DType.float32, .float64]
    let count = 1 << 20

    @Test("Uniform draws have the moments of their law", arguments: types)
    func uniformMoments(_ dtype: DType) {
        var generator = Generator(seed: 101)
        let u = generator.uniform([count], dtype: dtype).converted(to: .float64) - 0.5
        expectMean(of: u, 0, variance: 1.0 / 12)
        expectMean(of: u.squared(), 1.0 / 12, variance: 1.0 / 180)
        expectMean(of: u.raised(to: 3), 0, variance: 1.0 / 448)
    }

    @Test("Normal draws have the moments of their law", arguments: types)
    func normalMoments(_ dtype: DType) {
        var generator = Generator(seed: 102)
        let z = generator.normal([count], dtype: dtype).converted(to: .float64)
        expectMean(of: z, 0, variance: 1)
        expectMean(of: z.squared(), 1, variance: 2)
        expectMean(of: z.raised(to: 3), 0, variance: 15)
        expectMean(of: z.raised(to: 4), 3, variance: 96)
    }

    @Test("Draws follow their distribution function", arguments: types)
    func distribution(_ dtype: DType) {
        var generator = Generator(seed: 103)
        let uniform = generator.uniform([count], dtype: dtype).converted(to: .float64)
        let normal = generator.normal([count], dtype: dtype).converted(to: .float64).normalCDF()
        let steps = Tensor.range(to: Double(count), dtype: .float64)
        for u in [uniform, normal] {
            let sorted = u.gathering(u.sortedIndices(along: 0), along: 0) * Double(count)
            let distance = (sorted - steps).maximum(steps + 1 - sorted).max().scalar() / Double(count)
            #expect(distance * Double(count).squareRoot() < 1.95)
        }
    }

    @Test("Tails hold as many draws as they should, and reach beyond five", arguments: types)
    func tails(_ dtype: DType) {
        var generator = Generator(seed: 104)
        let z = generator.normal([1 << 22], dtype: dtype)
        for bound in [3.0, 4, 4.5] {
            let chance = erfc(bound / 2.0.squareRoot()) / 2
            let expected = chance * Double(z.count)
            for side in [z .> bound, z .< -bound] {
                let found = side.converted(to: .int64).sum().scalar()
                #expect(abs(found - expected) < 4 * expected.squareRoot(), "beyond \(bound)")
            }
        }
        #expect(z.max().scalar() > 4.7 && z.min().scalar() < -4.7)
        #expect(z.isFinite().allTrue())
    }

    @Test("Uniform draws meet both ends of their grid and neither 0 nor 1")
    func openInterval() {
        var generator = Generator(seed: 105)
        var (low, high) = (1.0, 0.0)
        for _ in 0..<16 {
            let u = generator.uniform([1 << 22])
            low = min(low, u.min().scalar())
            high = max(high, u.max().scalar())
        }
        // The middle of the first and of the last of 2²³ cells: 64 million draws meet each about eight times.
        #expect(low == 0x1p-24 && high == 1 - 0x1p-24)
    }

    @Test(
        "Neighbours, lanes, pairs of one radius, streams, seeds and children are uncorrelated",
        arguments: types)
    func independence(_ dtype: DType) {
        func normal(_ start: Generator) -> Tensor {
            var generator = start
            return generator.normal([count], dtype: dtype).converted(to: .float64)
        }
        let root = Generator(seed: 106)
        let z = normal(root)
        for lag in [1, 2, 63, 64, 65, 127, 128, 192, 256] {
            let (a, b) = (z[.upTo(-lag)], z[.from(lag)])
            expectUncorrelated(a, b, "lag \(lag)")
        }
        expectUncorrelated(z, normal(Generator(seed: 106, stream: 1)), "next stream")
        expectUncorrelated(z, normal(Generator(seed: 107)), "next seed")
        expectUncorrelated(z, normal(root.child(0)), "child")
        expectUncorrelated(normal(root.child(0)), normal(root.child(1)), "siblings")
    }

    @Test("Float32 normals are Box and Muller's of the same words, to float32's precision")
    func precision() {
        // Words come back from uniform draws at the same place: the radius takes 31 bits of one lane, all of
        // which float64's draw of the block shows, the angle 23 of the next.
        let runs = 512
        for run in 0..<runs {
            let start = Generator(seed: 108, position: UInt64(64 * run))
            var (normals, singles, doubles) = (start, start, start)
            let z: [Double] = normals.normal([256]).array()
            let u: [Double] = singles.uniform([256]).array()
            let pairs: [Double] = doubles.uniform([256], dtype: .float64).array()
            var expected = [Double](repeating: 0, count: 256)
            for block in 0..<64 {
                for half in 0...1 {
                    let word = UInt32(pairs[128 * half + block] * 0x1p32)
                    let unit = Double(Float(Int32(word >> 1)) + 0.5) * 0x1p-31
                    let radius = (-2 * log(unit)).squareRoot()
                    let angle = 2 * Double.pi * u[128 * half + 64 + block]
                    expected[128 * half + block] = radius * cos(angle)
                    expected[128 * half + 64 + block] = radius * sin(angle)
                }
            }
            expectClose(z, expected, relative: 5e-7)
        }
    }

    @Test("Float64 normals are Box and Muller's of the same words")
    func doublePrecision() {
        var (normals, uniforms) = (Generator(seed: 109), Generator(seed: 109))
        let z = normals.normal([256 * 64], dtype: .float64).reshaped([64, 2, 128])
        let u = uniforms.uniform([256 * 64], dtype: .float64).reshaped([64, 2, 128])
        let (radius, angle) = ((u[.all, 0].log() * -2).squareRoot(), u[.all, 1] * (2 * Double.pi))
        expectClose(z[.all, 0], radius * angle.cos(), relative: 1e-14, absolute: 1e-15)
        expectClose(z[.all, 1], radius * angle.sin(), relative: 1e-14, absolute: 1e-15)
    }

    private func expectMean(
        of x: Tensor, _ expected: Double, variance: Double, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = (variance / Double(x.count)).squareRoot()
        expectClose(x.mean().scalar(), expected, absolute: 4 * error, sourceLocation: sourceLocation)
    }

    /// Values and squares of standard normal draws: their products have variance 1 and 4.
    private func expectUncorrelated(_ a: Tensor, _ b: Tensor, _ what: Comment) {
        let error = 1 / Double(a.count).squareRoot()
        expectClose((a * b).mean().scalar(), 0, absolute: 4 * error, what)
        let squares = (a.squared() - 1) * (b.squared() - 1)
        expectClose(squares.mean().scalar(), 0, absolute: 4 * 2 * error, what)
    }
}
