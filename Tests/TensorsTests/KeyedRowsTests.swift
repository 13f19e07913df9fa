import Tensors
import TestSupport
import Testing

/// Draws whose rows have keys: an example and the number of its draw each.
@Suite("Draws by rows")
struct KeyedRowsTests {
    static let widths = [1, 3, 4, 5, 20, 255, 784, 1000]
    static let dtypes = [DType.float32, .float64]
    static let root = Generator(seed: 8, stream: 2)
    static let indices = [3, 0, 700, 12, 5]

    /// A uniform and then a normal draw, `[samples, batch, width]` each.
    static func draws(
        _ indices: [Int] = indices, _ draws: Range<Int> = 0..<3, width: Int, _ dtype: DType
    ) -> [Tensor] {
        var generator = root.byRows(RowKeys(indices: indices, draws: draws))
        let shape = [draws.count, indices.count, width]
        return [generator.uniform(shape, dtype: dtype), generator.normal(shape, dtype: dtype)]
    }

    @Test("A row is a function of its key alone, whatever the other rows are", arguments: widths, dtypes)
    func keyAlone(width: Int, dtype: DType) {
        let whole = Self.draws(width: width, dtype)
        func expect(_ indices: [Int], _ draws: Range<Int>) {
            let places = Tensor(indices.map { Self.indices.firstIndex(of: $0)! }, shape: [indices.count])
            for (found, all) in zip(Self.draws(indices, draws, width: width, dtype), whole) {
                expectClose(found, all[.range(draws)].gathering(places, along: 1))
            }
        }
        expect(Self.indices.reversed(), 0..<3)
        expect([700, 0], 0..<3)
        expect([12], 1..<2)
        expect(Self.indices, 2..<3)
    }

    @Test("Draws may differ from example to example", arguments: dtypes)
    func drawsOfEach(dtype: DType) {
        let numbers = Tensor([2, 0, 0, 1, 2, 1, 0, 2, 1, 1], shape: [2, 5])
        var generator = Self.root.byRows(RowKeys(indices: Self.indices, draws: numbers))
        let places = numbers.expanded(at: -1).broadcast(to: [2, 5, 7])
        for (place, whole) in Self.draws(width: 7, dtype).enumerated() {
            let found =
                place == 0
                ? generator.uniform([2, 5, 7], dtype: dtype) : generator.normal([2, 5, 7], dtype: dtype)
            expectClose(found, whole.gatheringElements(at: places, along: 0))
        }
    }

    @Test("Rows of different keys differ, and so do generators", arguments: widths, dtypes)
    func apart(width: Int, dtype: DType) {
        let draw = Self.draws(Array(0..<40), 0..<25, width: width, dtype)[1].reshaped([1000, width])
        let first: [Double] = draw.selected(0, along: 1).array()
        // Of a thousand float32 numbers some may meet by chance.
        #expect(Set(first).count > 990)
        let streams = [
            Self.root, Generator(seed: 9, stream: 2), Generator(seed: 8, stream: 3), Self.root.child(1),
            Self.root.child(named: "z"), Self.root.child(named: "noise"),
        ]
        let keys = RowKeys(indices: [4], draws: 0..<1)
        let numbers = streams.map { stream in
            var rows = stream.byRows(keys)
            return rows.uniform([1, 1, 4], dtype: .float64).array(of: Double.self)[0]
        }
        #expect(Set(numbers).count == streams.count)
    }

    @Test("The same row drawn in one piece or several goes on where it was")
    func goingOn() {
        for dtype in Self.dtypes {
            let keys = RowKeys(indices: Self.indices, draws: 0..<3)
            var whole = Self.root.byRows(keys)
            var parts = whole
            let together = whole.normal([3, 5, 24], dtype: dtype)
            let pieces = [8, 16].map { parts.normal([3, 5, $0], dtype: dtype) }
            expectClose(Tensor.concatenated(pieces, along: -1), together)
            #expect(parts == whole)
        }
    }

    @Test("Shape only folds a row, and an empty draw has no elements")
    func shapes() {
        let keys = RowKeys(indices: Self.indices, draws: 0..<3)
        let (first, second) = (Self.root.byRows(keys), Self.root.byRows(keys))
        var (a, b) = (first, second)
        expectClose(a.uniform([3, 5, 2, 6]), b.uniform([15, 12]).reshaped([3, 5, 2, 6]))
        #expect(a.normal([3, 5, 0]).shape == [3, 5, 0])
        #expect(a.uniform([3, 5]).shape == [3, 5])
    }

    /// Of N numbers the mean of zᵏ has the standard error √(Var zᵏ / N).
    @Test(
        "Normal draws have the moments of N(0, 1), within 4 standard errors, and no correlation within a row",
        arguments: dtypes, [1, 5])
    func moments(dtype: DType, width: Int) {
        let rows = 40_000
        let z = Self.draws(Array(0..<(rows / 4)), 0..<4, width: width, dtype)[1].reshaped([rows, width])
        let zeros = Tensor.zeros([width], dtype: .float64)
        for (power, moment) in [(1, 0.0), (2, 1), (3, 0), (4, 3)] {
            expectMean(ofDraws: z.raised(to: Double(power)), is: zeros + moment, within: 4, "z^\(power)")
        }
        guard width > 1 else { return }
        expectMean(
            ofDraws: z[.all, .from(1)] * z[.all, .upTo(width - 1)],
            is: .zeros([width - 1], dtype: .float64), within: 4, "neighbors in a row")
        // The same example's next draw, and the next example's.
        let drawn = z.reshaped([4, rows / 4, width])
        expectMean(
            ofDraws: (drawn[.from(1)] * drawn[.upTo(3)]).reshaped([-1, width]), is: zeros, within: 4,
            "neighboring draws")
        expectMean(
            ofDraws: (drawn[.all, .from(1)] * drawn[.all, .upTo(rows / 4 - 1)]).reshaped([-1, width]),
            is: zeros, within: 4, "neighboring examples")
    }

    @Test("Uniform draws fill (0, 1) evenly, within 4 standard errors", arguments: dtypes)
    func uniform(dtype: DType) {
        let u = Self.draws(Array(0..<10_000), 0..<1, width: 5, dtype)[0].reshaped([10_000, 5])
        #expect((u .> 0).allTrue() && (u .< 1).allTrue())
        let tenths = (u * 10).roundedDown()
        for tenth in 0..<10 {
            expectMean(
                ofDraws: (tenths .== Double(tenth)).converted(to: .float64),
                is: Tensor(repeating: 0.1, shape: [5], dtype: .float64), within: 4, "tenth \(tenth)")
        }
    }

    @Test("Drawing a few rows at a time changes nothing", arguments: [1, 4, 7, 15, 100], dtypes)
    func inParts(size: Int, dtype: DType) {
        let keys = RowKeys(indices: Self.indices, draws: 0..<3)
        var whole = Self.root.byRows(keys)
        var cut = whole
        let together = [whole.uniform([15, 6], dtype: dtype), whole.normal([15, 9], dtype: dtype)]
        let parts = cut.inParts(of: 15, size: size) { range, generator in
            [
                generator.uniform([range.count, 6], dtype: dtype),
                generator.normal([range.count, 9], dtype: dtype),
            ]
        }
        for place in 0..<2 {
            expectClose(Tensor.concatenated(parts.map { $0[place] }, along: 0), together[place])
        }
        #expect(cut == whole)
    }

    @Test("Without rows the parts follow one another, and the generator has moved on")
    func inPartsWithoutRows() {
        var one = Self.root
        var other = Self.root
        let parts = one.inParts(of: 512, size: 256) { range, generator in generator.normal([range.count]) }
        expectClose(Tensor.concatenated(parts, along: 0), other.normal([512]))
        #expect(one == other)
    }

    @Test("The same bits with one thread and with two")
    func threads() async {
        await #expect(processExitsWith: .success) {
            func draws(_ threads: Int) -> [Tensor] {
                Engine.threadCount = threads
                return KeyedRowsTests.dtypes.flatMap {
                    KeyedRowsTests.draws(Array(0..<3000), 0..<3, width: 37, $0)
                }
            }
            for (one, two) in zip(draws(1), draws(2)) { expectClose(one, two) }
            #expect(Engine.threadCount == 2)
        }
    }

    @Test("A draw that does not come in as many rows ends the program with both numbers")
    func wrongRows() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var rows = KeyedRowsTests.root.byRows(RowKeys(indices: [0, 1, 2], draws: 0..<2))
            _ = rows.normal([4, 5])
        }
        expectStandardError(of: result, says: ["[4, 5]", "6 rows"])
    }

    @Test("Children by name are the same each time, and differ from one another and from numbered ones")
    func names() {
        let names = ["", "z", "z0", "z1", "noise", "caller/z", "zz", "binarization", "training"]
        var streams: Set<UInt64> = [Self.root.stream]
        for name in names {
            #expect(Self.root.child(named: name) == Self.root.child(named: name))
            streams.insert(Self.root.child(named: name).stream)
            streams.insert(Self.root.child(named: name).child(named: "z").stream)
        }
        for label in 0..<100 as Range<UInt64> { streams.insert(Self.root.child(label).stream) }
        #expect(streams.count == 1 + 2 * names.count + 100)
    }

    @Test("A name's stream is the one that earlier versions had")
    func fixedNames() {
        // FNV-1a of "foobar" in 64 bits, from the reference's test vectors.
        #expect(Self.root.child(named: "foobar") == Self.root.child(0x8594_4171_f739_67e8))
        #expect(Self.root.child(named: "a") == Self.root.child(0xaf63_dc4c_8601_ec8c))
    }
}
