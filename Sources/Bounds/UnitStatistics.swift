import Probability
import Tensors

/// Sums over examples of each latent unit's rate and posterior mean, all groups' units side by side.
///
/// Where a posterior's mean has no closed form, its centre takes the place.
package struct UnitStatistics {
    private var count: Double
    private var rates: Tensor?
    private var means: Tensor
    private var squares: Tensor

    /// The statistics of a batch; `nil` when there is no latent, or a posterior has no center, and without rates when a
    /// posterior and prior have no closed form for them.
    package init?(of trace: Trace) {
        let groups = trace.latents
        let posteriors = groups.compactMap { $0.posterior as? any HasCentre }
        guard !posteriors.isEmpty, posteriors.count == groups.count else { return nil }
        func joined(_ parts: [Tensor]) -> Tensor {
            Tensor.concatenated(parts.map { $0.flattened(from: 1).converted(to: .float64) }, along: 1)
        }
        let mean = joined(
            posteriors.map { posterior in
                // A posterior that depends on other latents has a center for each of their draws.
                posterior.batchShape.count > 1 ? posterior.centre.mean(along: 0) : posterior.centre
            })
        count = Double(mean.size(along: 0))
        let unitRates = groups.compactMap(\.unitRates)
        rates = unitRates.count == groups.count ? joined(unitRates).sum(along: 0) : nil
        self.means = mean.sum(along: 0)
        squares = mean.squared().sum(along: 0)
    }

    /// The statistics of both batches together.
    package func joined(with other: UnitStatistics?) -> UnitStatistics {
        guard let other else { return self }
        var joined = self
        joined.count += other.count
        joined.rates = rates.flatMap { own in other.rates.map { own + $0 } }
        joined.means += other.means
        joined.squares += other.squares
        return joined
    }

    /// KL(q ‖ p) of each unit, averaged over examples; empty where no closed form is known.
    package var meanRates: [Double] { rates.map { ($0 / count).array() } ?? [] }

    /// Var_x(E_q[u]) of each unit.
    package var variances: [Double] { (squares / count - (means / count).squared()).array() }

    /// Whether a unit is active, by the variance of its posterior mean over the data.
    ///
    /// Source: Burda, Grosse, Salakhutdinov 2016, section 5.2, arXiv:1509.00519.
    package static func isActive(variance: Double) -> Bool { variance > 0.01 }

    /// The least rate of a unit that carries information, nats.
    package static let informativeRate = 0.05

    /// How many units carry information: they are active, and their rate, where it is known, is not negligible.
    package static func informativeCount(variances: [Double], rates: [Double]) -> Int {
        variances.indices.count {
            isActive(variance: variances[$0]) && (rates.isEmpty || rates[$0] >= informativeRate)
        }
    }
}
