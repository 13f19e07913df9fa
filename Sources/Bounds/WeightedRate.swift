import Tensors

/// β · rate: β > 1 favors few, independent units; β < 1 allows a higher rate.
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
    public func cost(of sums: Sums, at moment: Moment) -> Tensor { sums.mean("rate") * weight }
}
