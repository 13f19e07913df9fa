import Datasets
import Tensors
import TestSupport
import Testing

@Suite("Preprocessing")
struct PreprocessingTests {
    static let levels = Tensor((0...255).map { UInt8($0) }, shape: [256, 1])

    /// What the model sees of all levels.
    static func seen(_ preprocessing: Preprocessing, seed: UInt64 = 1) -> Tensor {
        preprocessing.apply(to: Batch(levels), using: Generator(seed: seed)).examples
    }

    @Test("Grey values are levels over 255")
    func grey() {
        let x = Self.seen(.grey)
        #expect(x.dtype == .float32)
        expectClose(x.array(), (0...255).map { Double($0) / 255 }, relative: 1e-7)
    }

    @Test("A threshold is at half")
    func threshold() {
        expectClose(Self.seen(.threshold).array(), (0...255).map { $0 < 128 ? 0 : 1 })
    }

    @Test(
        "Dynamic binarization has the mean of the level, within 4.5 standard errors, and keeps black and white"
    )
    func dynamicMean() {
        let draws = 4000
        var sum = Tensor.zeros([256, 1])
        for draw in 0..<draws { sum += Self.seen(.dynamic, seed: UInt64(draw)) }
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

    @Test("Dynamic binarization is a function of the generator, and another one draws it anew")
    func dynamicDraws() {
        let first = Self.seen(.dynamic, seed: 3)
        #expect(first.array(of: Float.self) != Self.seen(.dynamic, seed: 4).array(of: Float.self))
        #expect(Set(first.array(of: Float.self)) == [0, 1])
        expectClose(Self.seen(.dynamic, seed: 3), first)
    }

    @Test(
        "An example's binarization depends on its index alone, not on the others of its batch or their order")
    func dynamicByIndex() {
        let generator = Generator(seed: 3)
        let grey = Tensor(repeating: 100, shape: [20, 3, 7]).converted(to: .uint8)
        let whole = Preprocessing.dynamic.apply(to: Batch(grey), using: generator).examples
        let indices = [17, 3, 4, 0]
        let some = Batch(grey[.range(0..<4)], indices: indices, classes: [5, 6, 7, 8])
        let found = Preprocessing.dynamic.apply(to: some, using: generator)
        expectClose(found.examples, whole.gathering(Tensor(indices, shape: [4]), along: 0))
        #expect(found.indices == indices && found.classes == [5, 6, 7, 8])
        #expect(Set((0..<20).map { whole[.at($0)].array(of: Float.self) }).count > 15)
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
        func seen(_ preprocessing: Preprocessing, _ examples: Tensor) -> Tensor {
            preprocessing.apply(to: Batch(examples), using: Generator(seed: 1)).examples
        }
        expectClose(seen(.binary, Tensor([0, 1, 1] as [UInt8])).array(), [0, 1, 1])
        let reals = Tensor([-1.5, 2] as [Float])
        expectClose(seen(.real, reals), reals)
    }
}
