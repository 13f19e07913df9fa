import Foundation
import Tensors

/// E log 1/K Σ_k w_k over K independent draws, without a draw: what an importance-weighted bound is in expectation.
///
///     E log Σ_k w_k = ∫₀^∞ (e^−t − φ(t)^K) dt / t,   φ(t) = E e^−tw
///
/// It is Frullani's integral of log s, under the expectation. The trapezoidal rule in log t is good to twelve digits, as
/// the integrand is smooth and vanishes at both ends.
///
/// - Parameters:
///   - logWeights: log w of each outcome of a draw, or of each point of a grid, `[outcomes, batch]`, float64.
///   - probabilities: Of the outcomes, which add up to one: the same shape, or one that broadcasts to it.
///   - draws: K.
/// - Returns: `[batch]`.
public func expectedLogMean(of logWeights: Tensor, probabilities: Tensor, draws: Int) -> Tensor {
    // Relative to their mean the weights are near one, wherever log w lies.
    let scale = (logWeights + probabilities.log()).logSumExp(along: 0)
    let weights = (logWeights - scale).exp() / Double(draws)
    let step = 0.2
    var sum = Tensor(zerosLike: scale)
    for place in -125...300 {
        let t = exp(Double(place) * step)
        let transform = (probabilities * (weights * -t).exp()).sum(along: 0)
        sum += exp(-t) - transform.raised(to: Double(draws))
    }
    return scale + sum * step
}
