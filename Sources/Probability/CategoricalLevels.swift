import Tensors

/// Independent levels, each with a probability of its own.
///
///     P(x = level k) = softmax(l)_k
///
/// It knows nothing of the order of the levels, and can put its mass anywhere.
public struct CategoricalLevels: HasMean {
    /// l, `[batch..., event..., levels]`.
    public let logits: Tensor
    /// How many axes before the last of the logits make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { Array(logits.shape.dropLast()) }

    /// The type of an outcome's elements.
    public var dtype: DType { logits.dtype }

    /// Levels from logits.
    public init(logits: Tensor, eventRank: Int) {
        self.logits = logits
        self.eventRank = eventRank
    }

    private var levels: Levels { Levels(logits.size(along: -1)) }

    /// Σ log P(x) over the outcome, for x of levels.
    public func logProbability(of x: Tensor) -> Tensor {
        let places = (x * Double(levels.count - 1)).rounded().converted(to: .int64).expanded(at: -1)
        let logProbabilities = logits.logSoftmax(along: -1)
        let rank = max(places.rank, logits.rank)
        let shape = zip(padded(places.shape, to: rank), padded(logits.shape, to: rank)).map { max($0, $1) }
        let all = logProbabilities.broadcast(to: Array(shape.dropLast()) + [levels.count])
        let chosen = all.gatheringElements(at: places.broadcast(to: Array(shape.dropLast()) + [1]), along: -1)
        return summedOverEvent(chosen.squeezed(at: -1))
    }

    /// Σ_k P(k) · level k.
    public var mean: Tensor {
        let values = Tensor.linearSpace(from: 0, to: 1, count: levels.count, dtype: logits.dtype)
        return (logits.softmax(along: -1) * values).sum(along: -1)
    }

    /// Levels by their probabilities.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let chosen = logits.drawnPlaces(along: -1, leading, using: &generator)
        return chosen.converted(to: logits.dtype) * levels.spacing
    }

    private func padded(_ shape: [Int], to rank: Int) -> [Int] {
        Array(repeating: 1, count: rank - shape.count) + shape
    }
}
