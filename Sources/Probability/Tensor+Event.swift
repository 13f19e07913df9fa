import Tensors

// The axes of batches and of outcomes.
extension Tensor {
    /// The sum over the last `rank` axes: the one place where numbers of elements become numbers of outcomes.
    package func summed(overLast rank: Int) -> Tensor {
        rank == 0 ? self : sum(along: (1...rank).map { -$0 })
    }

    /// The axes that number outcomes, and those of one outcome.
    package func splitShape(eventRank: Int) -> (leading: [Int], event: [Int]) {
        (Array(shape.dropLast(eventRank)), Array(shape.suffix(eventRank)))
    }
}
