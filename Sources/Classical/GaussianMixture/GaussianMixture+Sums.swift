import Tensors

extension GaussianMixture {
    /// The E step: the log-likelihood of the rows, and what the M step needs of their exact posterior.
    ///
    /// A missing number counts by its mean and variance given what was observed of its row and the component.
    ///
    /// Source: Ghahramani, Jordan 1994, "Supervised learning from incomplete data via an EM approach".
    func sums(over rows: ObservedRows) -> MixtureSums {
        let parts = rows.groups.map { covariance.hasIndependentAxes ? axisSums(of: $0) : fullSums(of: $0) }
        return parts.dropFirst().reduce(parts[0]) { sum, part in
            MixtureSums(
                logLikelihood: sum.logLikelihood + part.logLikelihood, counts: sum.counts + part.counts,
                first: sum.first + part.first, second: sum.second + part.second)
        }
    }

    /// Second moments `[components, size]`.
    private func axisSums(of group: ObservedRows.Group) -> MixtureSums {
        let isComplete = group.columns.count == size
        let part = isComplete ? self : marginal(of: group.columns)
        var sums = group.values.gaussianMixtureSums(
            logWeights: weights.log(), means: part.means, variances: part.variances.contiguous())
        guard !isComplete else { return sums }
        let isKnown = Tensor(group.columns).oneHot(classes: size).converted(to: .float64)
        let uncertain = sums.counts.expanded(at: 1) * variances * (1 - isKnown.sum(along: 0))
        sums.first = sums.first.matmul(isKnown)
        sums.second = sums.second.matmul(isKnown) + uncertain
        return sums
    }

    /// Second moments `[components, size, size]`.
    private func fullSums(of group: ObservedRows.Group) -> MixtureSums {
        let isComplete = group.columns.count == size
        let part = isComplete ? self : marginal(of: group.columns)
        let density = part.density
        let regression = isComplete ? nil : regression(on: group.columns)
        var sums = MixtureSums(
            logLikelihood: 0, counts: Tensor.zeros([components], dtype: .float64),
            first: Tensor.zeros([components, size], dtype: .float64),
            second: Tensor.zeros([components, size, size], dtype: .float64))
        forBlocks(of: group.values, width: components * size) { block in
            let known = part.differences(of: block)
            let joint = density.logJoint(about: known)
            let total = joint.logSumExp(along: 0, keepingAxes: true)
            let shares = (joint - total).exp()
            let differences = regression.map { known.matmul($0.gains) } ?? known
            let weighted = differences * shares.expanded(at: 2)
            sums.logLikelihood += total.sum().scalar()
            sums.counts = sums.counts + shares.sum(along: 1)
            sums.first = sums.first + weighted.sum(along: 1)
            sums.second = sums.second + weighted.transposed().matmul(differences)
        }
        if let rest = regression?.rest {
            sums.second = sums.second + rest * sums.counts.reshaped([components, 1, 1])
        }
        return sums
    }
}
