import Bounds
import Probability
import Tensors

/// Sums over examples of each latent unit's rate and posterior mean, all groups' units side by side.
struct UnitStatistics {
    private var count: Double
    private var rates: Tensor
    private var means: Tensor
    private var squares: Tensor

    /// The statistics of a batch; `nil` when a group's posterior has no closed form for them.
    init?(of terms: Terms) {
        var rates: [Tensor] = []
        var means: [Tensor] = []
        for group in terms.groups {
            guard let unitRates = group.unitRates, let posterior = group.posterior as? any HasMean else {
                return nil
            }
            rates.append(unitRates.flattened(from: 1).converted(to: .float64))
            means.append(posterior.mean.flattened(from: 1).converted(to: .float64))
        }
        guard !rates.isEmpty else { return nil }
        let mean = Tensor.concatenated(means, along: 1)
        count = Double(mean.size(along: 0))
        self.rates = Tensor.concatenated(rates, along: 1).sum(along: 0)
        self.means = mean.sum(along: 0)
        squares = mean.squared().sum(along: 0)
    }

    /// The statistics of both batches together.
    func joined(with other: UnitStatistics?) -> UnitStatistics {
        guard let other else { return self }
        var joined = self
        joined.count += other.count
        joined.rates += other.rates
        joined.means += other.means
        joined.squares += other.squares
        return joined
    }

    /// KL(q ‖ p) of each unit, averaged over examples.
    var meanRates: [Double] { (rates / count).array() }

    /// Var_x(E_q[u]) of each unit.
    var variances: [Double] { (squares / count - (means / count).squared()).array() }
}
