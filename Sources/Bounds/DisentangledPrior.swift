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

    /// It is a function of sums of means, products and variances.
    public var coupling: Coupling { .sums }

    /// Σ m, Σ m mᵀ and Σ σ² over the examples, units of all groups side by side.
    ///
    /// - Precondition: The posteriors have means and variances, and independent units.
    public func sums(of trace: Trace, at moment: Moment) -> [String: Tensor] {
        let posteriors = trace.latents.map { site in
            guard let posterior = site.posterior as? any HasVariance & HasElementwiseDensity else {
                preconditionFailure("the units of \(site.name) have no variances of their own")
            }
            return posterior
        }
        func joined(_ part: (any HasVariance) -> Tensor) -> Tensor {
            Tensor.concatenated(posteriors.map { part($0).flattened(from: 1) }, along: 1)
        }
        let means = joined(\.mean)
        return [
            "means": means.sum(along: 0), "products": means.transposed().matmul(means),
            "variances": joined(\.variance).sum(along: 0),
        ]
    }

    /// The mean rate and the penalty.
    public func cost(of sums: Sums, at moment: Moment) -> Tensor {
        let covariance = covariance(of: sums)
        let variances = covariance.diagonal()
        let apart = covariance.squared().sum() - variances.squared().sum()
        let spread = (variances - 1).squared().sum()
        return sums.mean("rate") + apart * weight + spread * diagonalWeight
    }

    /// C of all units, `[units, units]`.
    func covariance(of sums: Sums) -> Tensor {
        let mean = sums.mean("means")
        let covariance = sums.mean("products") - mean.expanded(at: 1) * mean.expanded(at: 0)
        return form == .means ? covariance : covariance + sums.mean("variances").diagonalMatrix()
    }
}
