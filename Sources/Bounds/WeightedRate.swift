import Tensors

/// β · rate: above 1 units are pressed to be independent and few, below 1 z may say more.
///
/// Source: Higgins et al. 2017, "beta-VAE", eq. 4, https://openreview.net/forum?id=Sy2fzU9gl.
public struct WeightedRate: Regularizer, Codable, Equatable {
    /// β.
    public var weight: Double

    /// A weight of the rate.
    public init(weight: Double) {
        self.weight = weight
    }

    /// β times the mean rate.
    public func cost(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        bound.rate.mean() * weight
    }

    /// β times the rate.
    public func settledCost(ofRate rate: Double) -> Double { weight * rate }
}
