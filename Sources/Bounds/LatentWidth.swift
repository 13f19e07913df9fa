import Probability
import Tensors

/// rate + ½ (λ − 1) E_q‖z‖²: the pull of z to the origin, which in the rate to N(0, I) has λ = 1.
///
/// Under that prior it is the rate to N(0, I/λ), but for the constant ½ D log λ. In the risk form
/// R = ‖x − G(z)‖²/σ² + A(Σ) + λ‖η‖² of −2 ELBO, up to constants, η is E_q z and A(Σ) = λ tr Σ − log det Σ.
/// Source: CTU BEV033DLE 12; Rutgers CS 461, class 23.
public struct LatentWidth: Regularizer, Codable, Equatable {
    /// λ, the precision of the prior.
    public var weight: Double

    /// A weight of ‖z‖².
    public init(weight: Double) {
        self.weight = weight
    }

    /// Σ E_q‖z‖².
    public func sums(of trace: Trace, at moment: Moment) -> [String: Tensor] {
        let squares = trace.latents.map { site in
            // Draws number each example's squares, whose mean over draws is exact where it has a closed form.
            if let posterior = site.posterior as? any HasVariance, posterior.batchShape.count == 1 {
                return (posterior.mean.squared() + posterior.variance).sum()
            }
            return site.value.squared().mean(along: 0).sum()
        }
        return ["squares": squares.dropFirst().reduce(squares[0], +)]
    }

    /// rate + ½ (λ − 1) ‖z‖².
    public func cost(of sums: Sums, at moment: Moment) -> Tensor {
        sums.mean("rate") + sums.mean("squares") * (0.5 * (weight - 1))
    }
}
