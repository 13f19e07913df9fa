import Tensors

/// How often a factor that is held fixed is found from codes: the scores of the β-VAE and FactorVAE papers.
struct ConditionalVotes {
    private let codes: FactorCodes
    /// The examples of each value of each factor.
    private let groups: [[[Int]]]
    private let variances: [Double]
    private let settings: Disentanglement.Settings

    /// Votes over examples.
    init(_ codes: FactorCodes, _ settings: Disentanglement.Settings) {
        self.codes = codes
        self.settings = settings
        groups = codes.factors.indices.map { codes.places(ofFactor: $0) }
        variances = codes.variances
    }

    /// The accuracy of a linear classifier that sees by how much pairs differ that share the value of one factor, and
    /// says which factor; 1 / factors by chance.
    ///
    /// A vote is the mean of |z − z′| over pairs. The classifier is the linear discriminant.
    ///
    /// Source: Higgins et al. 2017, section 3, "β-VAE: learning basic visual concepts with a constrained variational
    /// framework".
    func betaVAEScore(using generator: inout some RandomNumberGenerator) -> Double {
        let training = differences(settings.trainingVotes, using: &generator)
        let test = differences(settings.testVotes, using: &generator)
        return LinearDiscriminant(
            fitting: training.votes, labels: training.labels, classes: codes.factors.count
        ).accuracy(on: test.votes, labels: test.labels)
    }

    /// The accuracy of the majority over votes, each for the unit that varies least, by its variance over all examples,
    /// among examples that share the value of one factor; 1 / factors by chance.
    ///
    /// Source: Kim, Mnih 2018, section 4, arXiv:1802.05983.
    func factorVAEScore(using generator: inout some RandomNumberGenerator) -> Double {
        var votes = [[Int]](
            repeating: [Int](repeating: 0, count: codes.factors.count), count: codes.unitCount)
        for _ in 0..<settings.trainingVotes {
            let factor = generator.place(below: codes.factors.count)
            votes[quietestUnit(fixing: factor, using: &generator)][factor] += 1
        }
        let majority = votes.map { row in row.indices.max { row[$0] < row[$1] }! }
        let hits = (0..<settings.testVotes).count { _ in
            let factor = generator.place(below: codes.factors.count)
            return majority[quietestUnit(fixing: factor, using: &generator)] == factor
        }
        return Double(hits) / Double(settings.testVotes)
    }

    /// Votes of pairs, `[count, units]`, and the factor that each pair shares.
    private func differences(
        _ count: Int, using generator: inout some RandomNumberGenerator
    ) -> (votes: Tensor, labels: Tensor) {
        var labels: [Int] = []
        var votes = [Double](repeating: 0, count: count * codes.unitCount)
        for vote in 0..<count {
            let factor = generator.place(below: codes.factors.count)
            labels.append(factor)
            for _ in 0..<settings.examplesInVote {
                let one = generator.place(below: codes.count)
                let group = groups[factor][codes.values[factor][one]]
                let other = group[generator.place(below: group.count)]
                for unit in 0..<codes.unitCount {
                    let difference = abs(codes.units[unit][one] - codes.units[unit][other])
                    votes[vote * codes.unitCount + unit] += difference / Double(settings.examplesInVote)
                }
            }
        }
        return (Tensor(votes, shape: [count, codes.unitCount]), Tensor(labels))
    }

    /// The unit that varies least among examples of one value of a factor.
    private func quietestUnit(
        fixing factor: Int, using generator: inout some RandomNumberGenerator
    ) -> Int {
        // Drawn with an example, so that a value is met as often as the examples have it, and never one they lack.
        let group = groups[factor][codes.values[factor][generator.place(below: codes.count)]]
        let chosen = (0..<settings.examplesInVote).map { _ in group[generator.place(below: group.count)] }
        let spread = codes.units.indices.map { unit in
            Moments(of: chosen.map { codes.units[unit][$0] }).variance / variances[unit]
        }
        return spread.indices.min { spread[$0] < spread[$1] }!
    }
}
