import CTorch

/// A counter-based random generator: Philox 4×32-10.
///
/// Each draw is a pure function of seed, stream and position, so that threads, preparing ahead and resuming
/// cannot change it. Streams of one seed are independent; give each purpose its own.
///
/// Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
public struct Generator: Sendable, Equatable, Codable {
    /// The key: which family of streams.
    public let seed: UInt64
    /// Which of the independent streams.
    public let stream: UInt64
    /// How many blocks of four 32-bit words have been consumed, modulo 2⁶⁴; of each row, where draws come in rows.
    public private(set) var position: UInt64
    /// The stream of each row, where draws come in rows.
    private var rows: [UInt64]?

    /// A generator at a place of a stream.
    public init(seed: UInt64, stream: UInt64 = 0, position: UInt64 = 0) {
        self.seed = seed
        self.stream = stream
        self.position = position
    }

    /// The stream of the same seed that belongs to a purpose or an epoch, from its beginning.
    ///
    /// `label` and one's own stream are mixed, so that children of children differ.
    public func child(_ label: UInt64) -> Generator {
        var words = [UInt32](repeating: 0, count: 4)
        ct_philox_block(seed ^ Self.childKey, stream, label, &words)
        return Generator(seed: seed, stream: UInt64(words[0]) << 32 | UInt64(words[1]))
    }

    /// The stream of the same seed that belongs to a purpose by its name.
    public func child(named name: String) -> Generator {
        // FNV-1a, 64 bits: a hash that no version of the language changes.
        child(name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    /// The generator whose draws come in rows, each a function of its own key alone.
    ///
    /// The leading axes of what is drawn number the rows, so that neither the other rows of a batch nor their number
    /// change what a row holds.
    ///
    /// - Parameter keys: One for each row.
    /// - Returns: The generator, at the beginning of each row.
    public func byRows(_ keys: RowKeys) -> Generator {
        var generator = self
        var streams = [UInt64](repeating: 0, count: keys.labels.count)
        ct_philox_streams(seed ^ Self.childKey, stream, keys.labels, keys.labels.count, &streams)
        generator.rows = streams
        generator.position = 0
        return generator
    }

    /// Draws `count` rows a few at a time.
    ///
    /// - Parameters:
    ///   - count: How many; where draws come in rows, as many as there are.
    ///   - size: How many at a time, at most.
    ///   - body: Draws the rows of a range.
    /// - Returns: What `body` returns for each range.
    public mutating func inParts<Result>(
        of count: Int, size: Int, _ body: (Range<Int>, inout Generator) -> Result
    ) -> [Result] {
        var end = self
        defer { position = end.position }
        return stride(from: 0, to: count, by: size).map { start in
            let range = start..<min(start + size, count)
            // Rows begin at one position each; a draw without rows goes on where the part before has ended.
            var part = rows == nil ? end : self
            part.rows = rows.map { Array($0[range]) }
            let result = body(range, &part)
            end = part
            return result
        }
    }

    /// Keeps the streams of children apart from the draws of their parent.
    private static let childKey: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Standard normal draws, float32 or float64.
    public mutating func normal(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        guard let rows else {
            return made(
                ct_random_normal(shape, shape.count, dtype.rawValue, seed, stream, advance(shape, dtype)))
        }
        let start = advance(shape, dtype, rows: rows.count)
        return made(
            ct_random_normal_rows(shape, shape.count, dtype.rawValue, seed, rows, rows.count, start))
    }

    /// Draws from the open interval (0, 1), float32 or float64.
    public mutating func uniform(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        guard let rows else {
            return made(
                ct_random_uniform(shape, shape.count, dtype.rawValue, seed, stream, advance(shape, dtype)))
        }
        let start = advance(shape, dtype, rows: rows.count)
        return made(
            ct_random_uniform_rows(shape, shape.count, dtype.rawValue, seed, rows, rows.count, start))
    }

    /// Takes the blocks of each row and returns where they begin.
    private mutating func advance(_ shape: [Int], _ dtype: DType, rows: Int) -> UInt64 {
        let products = shape.indices.reduce(into: [1]) { $0.append($0.last! * shape[$1]) }
        guard products.contains(rows) else {
            trap("\(#function)", "a draw of shape \(shape) does not come in \(rows) rows", [])
        }
        let width = products.last! / max(1, rows)
        let valuesPerBlock = dtype == .float64 ? 2 : 4
        defer { position &+= UInt64((width + valuesPerBlock - 1) / valuesPerBlock) }
        return position
    }

    /// Takes the blocks of a draw, whole runs of 256 values, and returns where they begin.
    private mutating func advance(_ shape: [Int], _ dtype: DType) -> UInt64 {
        let runs = (shape.reduce(1, *) + 255) / 256
        defer { position &+= UInt64(runs) * (dtype == .float64 ? 128 : 64) }
        return position
    }
}

extension Generator: RandomNumberGenerator {
    /// The next 64 bits; takes one block.
    public mutating func next() -> UInt64 {
        var words = [UInt32](repeating: 0, count: 4)
        ct_philox_block(seed, stream, position, &words)
        position &+= 1
        return UInt64(words[0]) << 32 | UInt64(words[1])
    }
}

/// What the rows of a draw are: an example and the number of its draw each.
public struct RowKeys: Sendable, Equatable {
    /// How many draws each example has.
    public let samples: Int
    /// A label for each row, draws before examples: `[samples · batch]`.
    let labels: [UInt64]

    /// The draws of a range for each of some examples.
    ///
    /// - Parameters:
    ///   - indices: Of the examples, from 0 to below 2⁴⁰.
    ///   - draws: Numbers of the draws, from 0 to below 2²⁴.
    public init(indices: [Int], draws: Range<Int>) {
        samples = draws.count
        labels = draws.flatMap { draw in indices.map { Self.label(index: $0, draw: draw) } }
    }

    /// Draws that differ from example to example.
    ///
    /// - Parameters:
    ///   - indices: Of the examples.
    ///   - draws: Numbers of the draws, int64 `[samples, batch]`.
    public init(indices: [Int], draws: Tensor) {
        guard draws.rank == 2, draws.size(along: 1) == indices.count else {
            trap("RowKeys", "the numbers of draws are [samples, \(indices.count)]", [draws])
        }
        samples = draws.size(along: 0)
        labels = draws.array(of: Int.self).enumerated().map { place, draw in
            Self.label(index: indices[place % indices.count], draw: draw)
        }
    }

    private static func label(index: Int, draw: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: index) << 24 | UInt64(truncatingIfNeeded: draw)
    }
}
