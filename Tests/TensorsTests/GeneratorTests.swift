import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Generator")
struct GeneratorTests {
    /// The known answers of Random123's `kat_vectors` for philox4x32 of ten rounds.
    static let knownAnswers: [(counter: [UInt64], key: UInt64, words: [UInt64])] = [
        ([0, 0], 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        ([.max, .max], .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
            [0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e], 0x299f_31d0_a409_3822,
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
    ]

    @Test("Blocks are Random123's known answers", arguments: knownAnswers)
    func blocks(_ answer: (counter: [UInt64], key: UInt64, words: [UInt64])) {
        let start = Generator(seed: answer.key, stream: answer.counter[1], position: answer.counter[0])
        let (high, low) = (answer.words[0] << 32 | answer.words[1], answer.words[2] << 32 | answer.words[3])
        var words = start
        #expect(words.next() == high)
        #expect(words.position == start.position &+ 1)
        var generator = start
        let draws: [Double] = generator.uniform([256], dtype: .float64).array()
        #expect(draws[0] == (Double(high >> 12) + 0.5) * 0x1p-52)
        #expect(draws[128] == (Double(low >> 12) + 0.5) * 0x1p-52)
        generator = start
        let singles: [Double] = generator.uniform([256]).array()
        for (lane, word) in answer.words.enumerated() {
            #expect(singles[64 * lane] == (Double(word >> 9) + 0.5) * 0x1p-23)
        }
    }

    @Test(
        "A draw takes whole runs of 256 values, and drawing on continues it",
        arguments: [DType.float32, .float64])
    func positions(_ dtype: DType) {
        let blocks: UInt64 = dtype == .float32 ? 64 : 128
        var whole = Generator(seed: 9, stream: 4)
        let together = whole.normal([1024 + 5], dtype: dtype)
        #expect(whole.position == 5 * blocks)
        var parts = Generator(seed: 9, stream: 4)
        let pieces = [256, 512, 261].map { parts.normal([$0], dtype: dtype) }
        expectClose(Tensor.concatenated(pieces, along: 0), together)
        #expect(parts == whole)
        var resumed = Generator(seed: 9, stream: 4, position: 3 * blocks)
        expectClose(resumed.normal([261], dtype: dtype), pieces[2])
    }

    @Test("Shape only folds a draw, and an empty one takes nothing")
    func shapes() {
        var (a, b) = (Generator(seed: 1), Generator(seed: 1))
        expectClose(a.uniform([3, 5, 7]), b.uniform([105]).reshaped([3, 5, 7]))
        #expect(a.normal([]).shape == [])
        let before = a
        for dtype in [DType.float32, .float64] {
            #expect(a.normal([4, 0], dtype: dtype).shape == [4, 0])
            #expect(a.uniform([0], dtype: dtype).dtype == dtype)
        }
        #expect(a == before)
    }

    @Test("A generator comes back from JSON at its place")
    func coding() throws {
        var generator = Generator(seed: .max, stream: 1 << 63)
        _ = generator.uniform([1000])
        let decoded = try JSONDecoder().decode(Generator.self, from: JSONEncoder().encode(generator))
        #expect(decoded == generator)
    }

    @Test("The same bits with one thread and with two")
    func threads() async {
        await #expect(processExitsWith: .success) {
            func draws(_ threads: Int) -> [Tensor] {
                Engine.threadCount = threads
                var generator = Generator(seed: 3)
                return [DType.float32, .float64].flatMap {
                    [generator.normal([100_003], dtype: $0), generator.uniform([100_003], dtype: $0)]
                }
            }
            for (one, two) in zip(draws(1), draws(2)) { expectClose(one, two) }
            #expect(Engine.threadCount == 2)
        }
    }

    @Test("Children differ from their parent, their siblings and their cousins, and are the same each time")
    func children() {
        let root = Generator(seed: 21)
        var streams: Set<UInt64> = [root.stream]
        for label in 0..<200 as Range<UInt64> {
            let child = root.child(label)
            #expect(child == root.child(label) && child.position == 0 && child.seed == root.seed)
            streams.insert(child.stream)
            for inner in 0..<5 as Range<UInt64> { streams.insert(child.child(inner).stream) }
        }
        #expect(streams.count == 1 + 200 * 6)
        #expect(Generator(seed: 22).child(0).stream != root.child(0).stream)
        var moved = root
        _ = moved.normal([10])
        #expect(moved.child(7) == root.child(7))
    }

    @Test("Shuffling is a permutation that the seed decides")
    func shuffling() {
        var (a, b, other) = (Generator(seed: 5), Generator(seed: 5), Generator(seed: 6))
        let items = Array(0..<500)
        let shuffled = items.shuffled(using: &a)
        #expect(shuffled == items.shuffled(using: &b))
        #expect(shuffled != items.shuffled(using: &other) && shuffled != items)
        #expect(shuffled.sorted() == items)
    }
}
