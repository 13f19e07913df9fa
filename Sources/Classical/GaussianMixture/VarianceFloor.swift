import Tensors

/// The least variance in any direction that a component may have, as a share of that within clusters.
///
///     Σ ⪰ share · diag(u²)
///
/// with u the unit of each column. Among the covariances that hold to it, the likeliest has the eigenvectors of the
/// unconstrained one (in these units) and its eigenvalues, those below the share raised to it: the M step stays exact,
/// and the likelihood never falls.
struct VarianceFloor {
    let share: Double
    /// u, `[size]`: the standard deviation of each column within clusters, or of all columns together where they share one
    /// unit.
    let units: Tensor

    /// A component with less than this is singular, whatever the floor.
    static let singular = 1e-10

    /// The covariances raised to the floor.
    ///
    /// - Parameters:
    ///   - covariances: In the shape of their kind, symmetric, not negative.
    ///   - kind: Theirs.
    /// - Returns: The covariances that hold to the floor, and the least variance of each component, or of all, as a share.
    func raise(_ covariances: Tensor, _ kind: CovarianceKind) -> (covariances: Tensor, least: Tensor) {
        let squares = units.squared()
        switch kind {
        case .diagonal:
            return (covariances.maximum(squares * share), (covariances / squares).min(along: -1))
        case .spherical:
            let unit = squares.mean().scalar()
            return (covariances.clamped(from: unit * share), covariances / unit)
        case .full, .tied:
            let scale = units.expanded(at: 1) * units
            let (values, vectors) = (covariances / scale).symmetricEigen()
            let least = values.selected(0, along: -1)
            let isLow = (least .< share).expanded(at: -1).expanded(at: -1)
            let raised = (vectors * values.clamped(from: share).expanded(at: -2)).matmul(vectors.transposed())
            // Those that hold to it already keep their digits.
            return (
                covariances.replacing(
                    with: (raised + raised.transposed()) * 0.5 * scale,
                    where: isLow.broadcast(to: covariances.shape)), least
            )
        }
    }
}

/// A component that came to nothing.
struct Collapse: Sendable {
    /// Which, from 0.
    let component: Int
    let reason: String
}

extension GaussianMixture {
    /// What an M step leads to.
    enum Step {
        /// The mixture, and which components the floor has raised: all of them where they share one covariance.
        case mixture(GaussianMixture, floored: [Int])
        case collapse(Collapse)
    }

    /// A component that answers for less than this of a row has vanished.
    private static let leastCount = 0.01

    /// The M step: the likeliest parameters given the sums of an E step, among those that hold to the floor.
    func updated(by sums: MixtureSums, floor: VarianceFloor) -> Step {
        let counts = sums.counts.array(of: Double.self)
        if let component = counts.firstIndex(where: { !($0 >= Self.leastCount) }) {
            return .collapse(Collapse(component: component, reason: "lost all rows"))
        }
        let shift = sums.first / sums.counts.expanded(at: 1)
        let total = sums.counts.sum()
        let free: Tensor
        switch covariance {
        case .diagonal: free = sums.second / sums.counts.expanded(at: 1) - shift.squared()
        case .spherical:
            free = (sums.second / sums.counts.expanded(at: 1) - shift.squared()).mean(along: -1)
        case .full:
            free =
                sums.second / sums.counts.reshaped([-1, 1, 1]) - shift.expanded(at: 2) * shift.expanded(at: 1)
        case .tied:
            free =
                (sums.second.sum(along: 0) - shift.transposed().matmul(shift * sums.counts.expanded(at: 1)))
                / total
        }
        let isMatrix = !covariance.hasIndependentAxes
        let (raised, least) = floor.raise(isMatrix ? (free + free.transposed()) * 0.5 : free, covariance)
        let leasts = least.reshaped([-1]).array(of: Double.self)
        if floor.share < VarianceFloor.singular,
            let component = leasts.firstIndex(where: { !($0 > VarianceFloor.singular) })
        {
            return .collapse(Collapse(component: component, reason: "shrank to no variance"))
        }
        return .mixture(
            GaussianMixture(
                weights: sums.counts / total, means: means + shift, covariance: covariance,
                covariances: raised),
            floored: (0..<components).filter { leasts[covariance == .tied ? 0 : $0] < floor.share })
    }
}
