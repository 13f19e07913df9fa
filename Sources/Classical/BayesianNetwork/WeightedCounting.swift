/// Counting in rows that are incomplete, each row worth as much as the model thinks that it agrees.
///
///     P(C+ | S+) = Σ_n γ_n δ(S_n = +) / N(S+),   γ_n = P(C+ | what row n tells)
///
/// Where S itself is missing in a row, δ is replaced by P(S+ | what the row tells), and γδ by the joint probability. At
/// the tables that expectation maximisation comes to, counts and model agree for every node given its parents.
public struct WeightedCounting: Sendable {
    private let inference: VariableElimination
    private let network: BayesianNetwork

    /// Counting under a model.
    public init(_ network: BayesianNetwork) {
        self.network = network
        inference = VariableElimination(network)
    }

    /// P(targets | evidence) by counting.
    ///
    /// - Parameters:
    ///   - targets: Places of nodes, each once.
    ///   - evidence: What is given.
    ///   - data: Rows with entries missing.
    /// - Returns: The frequencies, with the standard errors of ratios, (Σ (a − r b)²)^½ / Σ b.
    /// - Throws: `NetworkError`; `.noneAgree` where no row can have the evidence.
    public func distribution(
        of targets: [Int], given evidence: [Int: Int], in data: NetworkData
    ) throws -> SampledDistribution {
        let given = evidence.keys.sorted()
        // A node that is both is asked for in vain: its category is given.
        let asked = targets + given.filter { !targets.contains($0) }
        var joints: [[Double]] = []
        var weights: [Double] = []
        for (row, multiplicity) in data.uniqueRows().first {
            let joint = try inference.distribution(of: asked, given: data.evidence(inRow: row))
            let agreeing = joint.probabilities.indices.filter { index in
                zip(asked, joint.categories(at: index)).allSatisfy {
                    evidence[$0] == nil || evidence[$0] == $1
                }
            }
            var sums = [Double](repeating: 0, count: targets.reduce(1) { $0 * network.sizes[$1] })
            for index in agreeing {
                let categories = joint.categories(at: index).prefix(targets.count)
                let place = zip(categories, targets).reduce(0) { $0 * network.sizes[$1.1] + $1.0 }
                sums[place] += joint.probabilities[index]
            }
            joints.append(sums)
            weights.append(Double(multiplicity))
        }
        let agreements = joints.map { $0.reduce(0, +) }
        let total = zip(weights, agreements).reduce(0) { $0 + $1.0 * $1.1 }
        guard total > 0 else {
            throw NetworkError.noneAgree(evidence: network.text(of: evidence), count: data.rows, what: "rows")
        }
        let cells = joints[0].indices
        let ratios = cells.map { cell in zip(weights, joints).reduce(0) { $0 + $1.0 * $1.1[cell] } / total }
        let errors = cells.map { cell in
            let squares = joints.indices.reduce(0.0) { sum, row in
                let deviation = joints[row][cell] - ratios[cell] * agreements[row]
                return sum + weights[row] * deviation * deviation
            }
            return squares.squareRoot() / total
        }
        return SampledDistribution(
            JointDistribution(targets, ratios, in: network), standardErrors: errors, effectiveCount: total)
    }
}

extension SampledDistribution {
    init(_ distribution: JointDistribution, standardErrors: [Double], effectiveCount: Double) {
        self.distribution = distribution
        self.standardErrors = standardErrors
        self.effectiveCount = effectiveCount
    }
}
