import Datasets
import Tensors
import TestSupport
import Testing

@Suite("Preprocessing")
struct PreprocessingTests {
    static let levels = Tensor((0...255).map { UInt8($0) }, shape: [256, 1])

    @Test("Grey values are levels over 255")
    func grey() {
        var generator = Generator(seed: 1)
        let x = Preprocessing.grey.apply(to: Self.levels, using: &generator)
        #expect(x.dtype == .float32)
        expectClose(x.array(), (0...255).map { Double($0) / 255 }, relative: 1e-7)
        #expect(generator == Generator(seed: 1))
    }

    @Test("A threshold is at half")
    func threshold() {
        var generator = Generator(seed: 1)
        let x = Preprocessing.threshold.apply(to: Self.levels, using: &generator)
        expectClose(x.array(), (0...255).map { $0 < 128 ? 0 : 1 })
    }

    @Test(
        "Dynamic binarization has the mean of the level, within 4.5 standard errors, and keeps black and white"
    )
    func dynamicMean() {
        var generator = Generator(seed: 3)
        let draws = 4000
        var sum = Tensor.zeros([256, 1])
        for _ in 0..<draws {
            let x = Preprocessing.dynamic.apply(to: Self.levels, using: &generator)
            sum += x
        }
        for (level, count) in sum.array(of: Double.self).enumerated() {
            let p = Double(level) / 255
            let standardError = (Double(draws) * p * (1 - p)).squareRoot()
            #expect(abs(count - Double(draws) * p) <= 4.5 * standardError, "level \(level)")
        }
    }

    @Test(
        "The mean of a source is that of what the model sees, over batches and a remainder",
        arguments: [(Preprocessing.grey, 1.0 / 255), (.dynamic, 1.0 / 255), (.threshold, 0)])
    func mean(_ preprocessing: Preprocessing, scale: Double) throws {
        // 2048 examples whose levels are 0…255 over and over.
        let found = try CountingSource(count: 2048).mean(after: preprocessing)
        #expect(found.shape == [1] && found.dtype == .float32)
        expectClose(found.array(), [scale == 0 ? 0.5 : 127.5 * scale], relative: 1e-6)
    }

    @Test("Dynamic binarization is drawn anew at each use, and from a generator alone")
    func dynamicDraws() {
        var generator = Generator(seed: 3)
        let first = Preprocessing.dynamic.apply(to: Self.levels, using: &generator)
        let second = Preprocessing.dynamic.apply(to: Self.levels, using: &generator)
        #expect(first.array(of: Float.self) != second.array(of: Float.self))
        #expect(Set(first.array(of: Float.self)) == [0, 1])
        var again = Generator(seed: 3)
        expectClose(Preprocessing.dynamic.apply(to: Self.levels, using: &again), first)
    }

    @Test("Each kind of element has its treatments", arguments: Preprocessing.allCases)
    func kinds(preprocessing: Preprocessing) {
        let accepted = [ElementKind.bytes, .binary, .real].filter(preprocessing.accepts)
        #expect(accepted.count == 1)
        for kind in accepted where preprocessing == .standard(for: kind) {
            #expect(Preprocessing.standard(for: kind).accepts(kind))
        }
        #expect(
            preprocessing.isBinary == ["dynamic", "threshold", "fixed"].contains(preprocessing.rawValue))
    }

    @Test("Zeros and ones, and real numbers, pass unchanged")
    func unchanged() {
        var generator = Generator(seed: 1)
        let bits = Tensor([0, 1, 1] as [UInt8])
        expectClose(Preprocessing.binary.apply(to: bits, using: &generator).array(), [0, 1, 1])
        let reals = Tensor([-1.5, 2] as [Float])
        expectClose(Preprocessing.real.apply(to: reals, using: &generator), reals)
    }
}
