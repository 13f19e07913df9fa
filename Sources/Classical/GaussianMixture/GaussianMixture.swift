import Foundation
import Tensors

/// How free the covariances of a mixture are.
public enum CovarianceKind: String, Sendable, Codable, CaseIterable {
    /// Each component has any covariance, `[components, size, size]`.
    case full
    /// All components share one, `[size, size]`.
    case tied
    /// Each component has variances along the axes, `[components, size]`.
    case diagonal
    /// Each component has one variance, `[components]`.
    case spherical
}

/// A mixture of Gaussians: a latent variable model whose posterior, and so its bound, is exact.
///
///     p(z = k) = π_k,   p(x | z = k) = N(x | μ_k, Σ_k)
///     q(z = k | x) = p(z = k | x) = π_k N(x | μ_k, Σ_k) / Σ_j π_j N(x | μ_j, Σ_j)
///
/// The weights are the prior, the responsibilities the encoder, the components the decoder. Numbers that are missing
/// (NaN) are summed out: a row counts by the marginal of what was observed of it. Everything is float64.
public struct GaussianMixture: Sendable {
    /// π, `[components]`.
    public let weights: Tensor
    /// μ, `[components, size]`.
    public let means: Tensor
    /// How free Σ is.
    public let covariance: CovarianceKind
    /// Σ, in the shape of its kind.
    public let covariances: Tensor

    /// A mixture from its parameters.
    ///
    /// - Precondition: The shapes fit; weights are positive and sum to one, covariances are positive definite.
    public init(weights: Tensor, means: Tensor, covariance: CovarianceKind, covariances: Tensor) {
        precondition(means.rank == 2 && means.count > 0, "means [components, size], not \(means.shape)")
        let shape = covariance.shape(components: means.size(along: 0), size: means.size(along: 1))
        precondition(
            weights.shape == [means.size(along: 0)] && covariances.shape == shape,
            "weights \(weights.shape), means \(means.shape) and \(covariance) covariances \(covariances.shape)"
        )
        self.weights = weights.converted(to: .float64)
        self.means = means.converted(to: .float64)
        self.covariance = covariance
        self.covariances = covariances.converted(to: .float64)
    }

    /// How many components.
    public var components: Int { means.size(along: 0) }
    /// The numbers in a row.
    public var size: Int { means.size(along: 1) }

    /// How many numbers can be chosen freely, for AIC and BIC.
    public var parameterCount: Int {
        let free =
            switch covariance {
            case .full: components * size * (size + 1) / 2
            case .tied: size * (size + 1) / 2
            case .diagonal: components * size
            case .spherical: components
            }
        return components - 1 + components * size + free
    }

    /// The mixture of some of the columns, the others summed out.
    public func marginal(of columns: [Int]) -> GaussianMixture {
        let places = Tensor(columns)
        let parts =
            switch covariance {
            case .full: covariances.gathering(places, along: 1).gathering(places, along: 2)
            case .tied: covariances.gathering(places, along: 0).gathering(places, along: 1)
            case .diagonal: covariances.gathering(places, along: 1)
            case .spherical: covariances
            }
        return GaussianMixture(
            weights: weights, means: means.gathering(places, along: 1), covariance: covariance,
            covariances: parts)
    }

    /// The variance of each component along each axis, `[components, size]`.
    public var variances: Tensor {
        switch covariance {
        case .full: covariances.diagonal()
        case .tied: covariances.diagonal().expanded(at: 0).broadcast(to: means.shape)
        case .diagonal: covariances
        case .spherical: covariances.expanded(at: 1).broadcast(to: means.shape)
        }
    }

    /// Σ as a matrix for each component, `[components, size, size]`.
    public var matrices: Tensor {
        switch covariance {
        case .full: covariances
        case .tied: covariances.expanded(at: 0).broadcast(to: [components, size, size])
        case .diagonal, .spherical: variances.diagonalMatrix()
        }
    }
}

extension CovarianceKind {
    /// The shape of the covariances.
    public func shape(components: Int, size: Int) -> [Int] {
        switch self {
        case .full: [components, size, size]
        case .tied: [size, size]
        case .diagonal: [components, size]
        case .spherical: [components]
        }
    }

    /// Whether the axes are independent given the component.
    var hasIndependentAxes: Bool { self == .diagonal || self == .spherical }
}
