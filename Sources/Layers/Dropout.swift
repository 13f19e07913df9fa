import Tensors

/// Noise that silences a random part of the elements in training, and nothing in use.
///
///     y = x ⊙ m / (1 − p),   m ~ Bernoulli(1 − p)
///
/// Its generator belongs to the module's state, so that a resumed run draws the masks that an uninterrupted one
/// would have drawn.
///
/// Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.
public final class Dropout: Layer, ModeDependent {
    /// p, the part that is silenced.
    public let probability: Double
    /// Whether there is noise.
    public var isTraining = true
    /// Seed, stream and position as int64 bits.
    private let generator: Buffer

    /// Noise with a generator of its own.
    ///
    /// - Parameters:
    ///   - probability: The part of the elements to silence, from 0 to below 1.
    ///   - generator: The parent of the layer's own.
    public init(probability: Double, using generator: inout Generator) {
        require((0..<1).contains(probability), "dropout takes from 0 to below 1, not \(probability)")
        self.probability = probability
        self.generator = Buffer(Self.tensor(generator.child(generator.next())))
    }

    /// `x` with noise in training, otherwise itself.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        guard isTraining, probability > 0 else { return x }
        let words = generator.value.array(of: Int.self).map { UInt64(bitPattern: Int64($0)) }
        var draws = Generator(seed: words[0], stream: words[1], position: words[2])
        let keep = draws.uniform(x.shape) .>= probability
        generator.value.copy(from: Self.tensor(draws))
        return x * keep.converted(to: x.dtype) / (1 - probability)
    }

    private static func tensor(_ generator: Generator) -> Tensor {
        Tensor([generator.seed, generator.stream, generator.position].map { Int(truncatingIfNeeded: $0) })
    }
}
