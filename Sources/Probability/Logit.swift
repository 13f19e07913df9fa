import Foundation
import Tensors

/// From the real line to the unit interval, element by element.
///
///     forward: y = (σ(x) − α) / (1 − 2α),   inverse: x = logit(α + (1 − 2α) y)
///
/// With a margin α above 0 the ends of the interval stay finite on the line: images, whose pixels are often black or
/// white, become a density that a flow can follow.
///
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, section 4.1, arXiv:1605.08803; Papamakarios et al. 2017, appendix E.
public struct Logit: Bijector {
    /// How many of the last axes make up one outcome.
    public let eventRank: Int
    private let margin: Double

    /// A map with a margin below ½; one below 0 keeps y off the ends instead.
    public init(margin: Double = 0, eventRank: Int) {
        precondition(margin < 0.5, "a margin of \(margin)")
        self.margin = margin
        self.eventRank = eventRank
    }

    /// (σ(x) − α) / (1 − 2α).
    public func forward(_ x: Tensor) -> Transformed {
        let slope = x.logSigmoid() + (-x).logSigmoid()
        return Transformed(
            (x.sigmoid() - margin) / (1 - 2 * margin),
            logDeterminant: (slope - log(1 - 2 * margin)).summed(overLast: eventRank))
    }

    /// logit(α + (1 − 2α) y).
    public func inverse(_ y: Tensor) -> Transformed {
        let above = (margin + y * (1 - 2 * margin)).log()
        let below = (1 - margin - y * (1 - 2 * margin)).log()
        return Transformed(
            above - below,
            logDeterminant: (log(1 - 2 * margin) - above - below).summed(overLast: eventRank))
    }
}
