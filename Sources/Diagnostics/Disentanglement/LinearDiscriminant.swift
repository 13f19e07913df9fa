import Tensors

/// A linear classifier in closed form: classes are Gaussians of one covariance.
///
///     class(x) = argmax_c  μ_cᵀ S⁻¹ x − ½ μ_cᵀ S⁻¹ μ_c + log p(c),   S the covariance within classes
///
/// Source: Hastie, Tibshirani, Friedman 2009, section 4.3.
package struct LinearDiscriminant {
    /// `[features, classes]`.
    private let weight: Tensor
    /// `[classes]`.
    private let bias: Tensor

    /// The classifier of examples.
    ///
    /// - Parameters:
    ///   - x: `[count, features]`, in float64.
    ///   - labels: The class of each, `[count]`, int64.
    ///   - classes: How many classes there are; some may have no example.
    package init(fitting x: Tensor, labels: Tensor, classes: Int) {
        let features = x.size(along: 1)
        let isClass = labels.oneHot(classes: classes).converted(to: .float64)
        let counts = isClass.sum(along: 0)
        let means = isClass.transposed().matmul(x) / counts.clamped(from: 1).expanded(at: 1)
        let rest = x - isClass.matmul(means)
        let covariance = rest.transposed().matmul(rest) / Double(x.size(along: 0))
        // Features that hang together wholly would leave no inverse.
        let ridge = covariance.diagonal().mean() * 1e-6 + 1e-300
        weight = (covariance + Tensor.identity(features, dtype: .float64) * ridge).solve(means.transposed())
        let own = (means.transposed() * weight).sum(along: 0) * 0.5
        bias = (counts / Double(x.size(along: 0))).log() - own
    }

    /// The share of examples whose class is found.
    package func accuracy(on x: Tensor, labels: Tensor) -> Double {
        let found = (x.matmul(weight) + bias).argmax(along: 1)
        return (found .== labels).converted(to: .float64).mean().scalar()
    }
}
