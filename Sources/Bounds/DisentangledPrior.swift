import Probability
import Tensors

/// rate + λ Σ_{i≠j} C_ij² + λ_d Σ_i (C_ii − 1)²: the aggregated posterior's units are to be uncorrelated, of variance 1.
///
/// C is the covariance over the batch, divided by its size as in the authors' code, of the posterior means (DIP-VAE-I),
/// or of z itself (II), which adds the mean of the posterior variances. As in the paper λ_d is 10 λ in I and λ in II.
///
/// Source: Kumar, Sattigeri, Balakrishnan 2018, eq. 6 and 7, arXiv:1711.00848.
public struct DisentangledPrior: Regularizer, Codable, Equatable {
    /// Whose covariance.
    public enum Form: String, Codable, Sendable, CaseIterable {
        /// Cov[E_q z].
        case means
        /// Cov[z] = Cov[E_q z] + E[Cov_q z].
        case draws
    }

    /// λ.
    public var weight: Double
    /// Whose covariance.
    public var form: Form

    /// A weight of the covariances.
    public init(weight: Double, form: Form) {
        self.weight = weight
        self.form = form
    }

    private var diagonalWeight: Double { form == .means ? 10 * weight : weight }

    /// The mean rate and the penalty.
    public func cost(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        let covariance = covariance(of: terms)
        let variances = covariance.diagonal()
        let apart = covariance.squared().sum() - variances.squared().sum()
        let spread = (variances - 1).squared().sum()
        return bound.rate.mean() + apart * weight + spread * diagonalWeight
    }

    /// C of all units, groups side by side, `[units, units]`.
    ///
    /// - Precondition: The posteriors have means and variances, and independent units.
    func covariance(of terms: Terms) -> Tensor {
        let posteriors = terms.latents.map { group in
            guard let posterior = group.posterior as? any HasVariance & HasElementwiseDensity else {
                preconditionFailure("the units of \(group.name) have no variances of their own")
            }
            return posterior
        }
        func joined(_ part: (any HasVariance) -> Tensor) -> Tensor {
            Tensor.concatenated(posteriors.map { part($0).flattened(from: 1) }, along: 1)
        }
        let means = joined(\.mean)
        let centred = means - means.mean(along: 0)
        let covariance = centred.transposed().matmul(centred) / Double(means.size(along: 0))
        guard form == .draws else { return covariance }
        return covariance + joined(\.variance).mean(along: 0).diagonalMatrix()
    }
}
