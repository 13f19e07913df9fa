import Bounds
import Foundation
import Tensors

extension GaussianMixture {
    /// log π_k N(x | k) of rows `[n, size]`, any number of which may be missing, `[n, components]`.
    ///
    /// A row of which nothing was observed has log π_k.
    public func logJoint(of x: Tensor) -> Tensor { logJoint(of: ObservedRows(x)) }

    func logJoint(of rows: ObservedRows) -> Tensor {
        rows.joined(missing: weights.log()) { group in
            let part = group.columns.count == size ? self : marginal(of: group.columns)
            let density = part.density
            return inBlocks(of: group.values, width: components * part.size) {
                density.logJoint(about: part.differences(of: $0)).transposed()
            }
        }
    }

    /// log p(x) of what was observed of each row, `[n]`, in nats.
    public func logProbability(of x: Tensor) -> Tensor { logJoint(of: x).logSumExp(along: -1) }

    /// p(z | x), the encoder: how far each component answers for each row, `[n, components]`.
    public func responsibilities(of x: Tensor) -> Tensor { logJoint(of: x).softmax(along: -1) }

    /// The component that is likeliest to have made each row, int64 `[n]`.
    public func codes(of x: Tensor) -> Tensor { logJoint(of: x).argmax(along: -1) }

    /// log p(x) in its parts, `[n]` each in nats: the posterior being exact, so is the bound.
    ///
    ///     distortion = −Σ_k r_k log N(x | k),   rate = KL(r ‖ π)
    public func bound(of x: Tensor) -> Bound {
        let joint = logJoint(of: x)
        let logShares = joint - joint.logSumExp(along: -1, keepingAxes: true)
        let shares = logShares.exp()
        let logWeights = weights.log()
        return Bound(
            distortion: -(shares * (joint - logWeights)).sum(along: -1),
            rates: [GroupRate("z", (shares * (logShares - logWeights)).sum(along: -1))])
    }

    /// x − μ_k of rows `[n, size]`, `[components, n, size]`.
    func differences(of x: Tensor) -> Tensor { x.expanded(at: 0) - means.expanded(at: 1) }

    /// What densities are computed with, made once for many rows.
    var density: Density { Density(self) }

    /// The covariances' inverses as factors, and all that does not depend on the row.
    struct Density {
        /// W with W Wᵀ = Σ⁻¹, `[components or 1, size, size]`, or 1 / σ², `[components, 1, size]`.
        private let whitening: Tensor
        /// log π_k − ½ log det 2πΣ_k, `[components, 1]`.
        private let constants: Tensor
        private let hasIndependentAxes: Bool

        init(_ mixture: GaussianMixture) {
            hasIndependentAxes = mixture.covariance.hasIndependentAxes
            let logDeterminant: Tensor
            if hasIndependentAxes {
                whitening = mixture.variances.reciprocal().expanded(at: 1)
                logDeterminant = mixture.variances.log().sum(along: -1)
            } else {
                let isTied = mixture.covariance == .tied
                let factor = (isTied ? mixture.covariances.expanded(at: 0) : mixture.covariances).cholesky()
                let identity = Tensor.identity(mixture.size, dtype: .float64).broadcast(to: factor.shape)
                whitening = factor.triangularSolve(identity).transposed()
                logDeterminant = factor.diagonal().log().sum(along: -1) * 2
            }
            let constant = Double(mixture.size) * log(2 * Double.pi)
            constants = (mixture.weights.log() - (logDeterminant + constant) * 0.5).expanded(at: 1)
        }

        /// log π_k N(x | k) of differences from the means `[components, n, size]`, `[components, n]`.
        func logJoint(about differences: Tensor) -> Tensor {
            let squares =
                hasIndependentAxes
                ? differences.squared() * whitening : differences.matmul(whitening).squared()
            return squares.sum(along: -1) * -0.5 + constants
        }
    }
}
