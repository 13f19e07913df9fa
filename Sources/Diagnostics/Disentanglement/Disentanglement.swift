import Datasets
import Evaluation
import Tensors

/// How far single units of a code stand for single factors that the examples are drawn from, by five scores of the field,
/// each 1 at best.
///
/// Units that have collapsed are left out, as the histogram of a code that hardly varies would make much of nothing.
public struct Disentanglement: Codable, Sendable, Equatable {
    /// How many examples.
    public var examples: Int
    /// The factors.
    public var factors: [KnownFactor]
    /// How many units a code has.
    public var unitCount: Int
    /// The units that are scored: rows of the matrices below stand for these.
    public var units: [Int]
    /// What units tell of factors, and the gap, MIG: without an error of sampling where the examples are all combinations
    /// of the factors.
    public var mutualInformation: MutualInformation
    /// What units alone predict of factors, and the gap, SAP: as above.
    public var attributePredictability: AttributePredictability
    /// What a regressor uses which unit for, `[unit][factor]`, columns of sum 1: the R of DCI.
    public var importances: [[Double]]
    /// DCI: how far a unit is used for one factor.
    public var disentanglement: Estimate
    /// DCI: how far a factor is told by one unit.
    public var completeness: Estimate
    /// DCI: how much of the factors is told.
    public var informativeness: Estimate
    /// How often a factor is found that pairs have in common.
    public var betaVAEScore: Estimate
    /// How often a factor is found that holds a unit still.
    public var factorVAEScore: Estimate

    /// How many combinations of the factors there are.
    public var combinations: Int { factors.reduce(1) { $0 * $1.count } }

    /// What chance adds to the shares of units that tell nothing, mean over factors, where not all combinations were
    /// taken; MIG may be off by as much.
    public var chance: Double? {
        guard examples < combinations else { return nil }
        let all = MutualInformation.chance(examples: examples, of: factors)
        return all.reduce(0, +) / Double(all.count)
    }

    /// How carefully to measure.
    public struct Settings: Sendable {
        /// How often the scores with chance in them are measured; their standard errors are of the mean.
        public var repeats = 5
        /// Examples that DCI's regressor learns from, at most.
        public var trainingExamples = 10_000
        /// Others that its predictions are measured on, at most.
        public var testExamples = 5000
        /// Votes that the classifiers of the β-VAE and FactorVAE scores learn from.
        public var trainingVotes = 10_000
        /// Votes that they are measured on.
        public var testVotes = 5000
        /// Examples, or pairs of them, in a vote.
        public var examplesInVote = 64

        /// The defaults.
        public init() {}

        /// How many times progress is told.
        public var steps: Int { 3 * repeats }
    }

    /// The scores of codes.
    ///
    /// - Parameters:
    ///   - codes: Of examples whose factors vary independently, as over all their combinations.
    ///   - settings: How carefully.
    ///   - generator: Chooses examples.
    ///   - didStep: Told after each of `settings.steps` parts of about equal length.
    /// - Throws: `DiagnosticsError.noActiveUnit`.
    public init(
        of codes: FactorCodes, settings: Settings = Settings(), using generator: inout Generator,
        didStep: () -> Void = {}
    ) throws(DiagnosticsError) {
        let variances = codes.variances
        let active = variances.indices.filter { Evaluation.isActive(variance: variances[$0]) }
        guard !active.isEmpty else { throw .noActiveUnit }
        let scored = codes.keeping(units: active)
        let votes = ConditionalVotes(scored, settings)
        var dci: [FactorImportance] = []
        var (beta, factor): ([Double], [Double]) = ([], [])
        for _ in 0..<settings.repeats {
            let order = generator.permutation(of: scored.count)
            // A third is left to measure on where there are few.
            let split = min(settings.trainingExamples, max(1, scored.count * 2 / 3))
            let rest = order.dropFirst(split).prefix(settings.testExamples)
            dci.append(
                FactorImportance(
                    training: scored.keeping(examples: order.prefix(split)),
                    test: scored.keeping(examples: rest)))
            didStep()
            beta.append(votes.betaVAEScore(using: &generator))
            didStep()
            factor.append(votes.factorVAEScore(using: &generator))
            didStep()
        }
        examples = codes.count
        factors = codes.factors
        unitCount = codes.unitCount
        units = active
        mutualInformation = MutualInformation(of: scored)
        attributePredictability = AttributePredictability(of: scored)
        importances = active.indices.map { unit in
            codes.factors.indices.map { factor in
                dci.reduce(0) { $0 + $1.shares[unit][factor] } / Double(dci.count)
            }
        }
        disentanglement = Estimate(of: dci.map(\.disentanglement))
        completeness = Estimate(of: dci.map(\.completeness))
        informativeness = Estimate(of: dci.map(\.informativeness))
        betaVAEScore = Estimate(ofShares: beta, cases: settings.testVotes)
        factorVAEScore = Estimate(ofShares: factor, cases: settings.testVotes)
    }
}
