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
    /// How many blocks of four 32-bit words have been consumed, modulo 2⁶⁴.
    public private(set) var position: UInt64

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
        ct_philox_block(seed ^ 0x9E37_79B9_7F4A_7C15, stream, label, &words)
        return Generator(seed: seed, stream: UInt64(words[0]) << 32 | UInt64(words[1]))
    }

    /// Standard normal draws, float32 or float64.
    public mutating func normal(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        made(ct_random_normal(shape, shape.count, dtype.rawValue, seed, stream, advance(shape, dtype)))
    }

    /// Draws from the open interval (0, 1), float32 or float64.
    public mutating func uniform(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        made(ct_random_uniform(shape, shape.count, dtype.rawValue, seed, stream, advance(shape, dtype)))
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
