import Tensors

/// A few of the draws of each example, each kept as often as its importance weight says.
///
/// The mean of f over the few has the expectation Σ_k w̃_k f(z_k), so that the gradient of an importance-weighted bound
/// through m draws is that through all K, with a backward pass of m. Systematic: m marks at equal distances on the sums
/// of the weights, moved by one uniform number, so that a draw of weight w̃ is kept m w̃ times, rounded up or down.
///
/// Source: Burda, Grosse, Salakhutdinov 2016, section 3, arXiv:1509.00519, for one draw kept; Douc, Cappé, Moulines 2005,
/// "Comparison of resampling schemes for particle filtering", arXiv:cs/0507025, for the marks.
public struct Resampling: Sendable {
    /// log w of all draws, `[samples, batch]`, without history.
    let logWeights: Tensor
    /// w̃, their shares of the sum of an example's, `[samples, batch]`.
    let shares: Tensor
    /// Which draws are kept, `[kept, batch]`, int64.
    public let draws: Tensor

    /// Keeps some draws.
    ///
    /// - Parameters:
    ///   - logWeights: Of all draws, `[samples, batch]`.
    ///   - count: How many to keep.
    ///   - generator: Moves the marks; a number for each example.
    public init(_ logWeights: Tensor, keeping count: Int, using generator: inout Generator) {
        self.logWeights = logWeights.withoutGradient()
        let (samples, batch) = (logWeights.size(along: 0), logWeights.size(along: 1))
        shares = self.logWeights.softmax(along: 0)
        let sums = shares.cumulativeSum(along: 0)
        let first = generator.uniform([batch], dtype: sums.dtype)
        let marks =
            (Tensor.linearSpace(from: 0, to: Double(count - 1), count: count, dtype: sums.dtype)
                .expanded(at: 1) + first) / Double(count)
        // The last sum is 1 but for rounding; no mark may lie beyond it.
        let passed = (sums[.upTo(samples - 1)].expanded(at: 0) .<= marks.expanded(at: 1))
        draws = passed.converted(to: .int64).sum(along: 1)
    }

    /// The elements of the draws that are kept: `[samples, batch, ...]` → `[kept, batch, ...]`.
    func kept(_ values: Tensor) -> Tensor {
        let event = Array(values.shape.dropFirst(2))
        let places = event.reduce(self.draws) { places, _ in places.expanded(at: -1) }
        return values.gatheringElements(at: places.broadcast(to: self.draws.shape + event), along: 0)
    }
}
