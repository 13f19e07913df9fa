import CommandLineKit
import Foundation
import VAE

/// `vae query`: what follows from what.
enum QueryCommand {
    private enum Method: String, CaseIterable {
        case exact
        case likelihoodWeighting = "likelihood-weighting"
        case rejection
        case counting
    }

    private static let network = Positional(
        required: "network", .path, help: "A Bayesian network, as 'vae fit network' leaves it: a .bif file.")
    private static let query = Positional(
        required: "query", .string, help: "What is asked, as 'P(A, B=b | C=c)'.")
    private static let method = Option(
        "method", .choice(Method.self), default: .exact, help: "How the answer is found.")
    private static let samples = Option(
        "samples", short: "n", .integer(in: 1...1_000_000_000), default: 10_000,
        help: "How many draws the sampling methods take.")
    private static let data = Option(
        "data", .path, placeholder: "table", help: "The rows (CSV) that '--method counting' counts.")

    static let command = Command(
        "query", summary: "Asks a Bayesian network: P(A | B=b).",
        discussion: """
            Prints the probability of every category of the nodes before the bar, given what stands behind it; a node with \
            a category, as B=b, is asked for that one alone. Names with commas, bars or parentheses stand in double quotes.

            exact sums all other nodes out (variable elimination). likelihood-weighting draws the nodes that are not \
            given, and weights the draws by what is. rejection draws all nodes, and keeps the draws that agree. counting \
            counts the rows of --data, each with the probability that it agrees, as far as it is incomplete. All but exact \
            give standard errors.
            """,
        examples: [
            Example("vae query garden.bif 'P(Cloud | Sprinkler=yes)'", "Two probabilities, exact."),
            Example(
                "vae query garden.bif 'P(Rain, Cloud=yes | Wet=no)' --method likelihood-weighting -n 100000",
                "From draws, with their errors."),
        ],
        positionals: [network, query],
        options: [
            OptionGroup("Method", [method, samples, data, Options.seed]),
            OptionGroup("Output", [Options.json]),
        ],
        run: run)

    /// An answer, for a person or a script.
    private struct Answer: Encodable {
        struct Row: Encodable {
            let categories: [String]
            let probability: Double
            let standardError: Double?
        }

        let query: String
        let method: String
        let nodes: [String]
        let rows: [Row]
        let samples: Int?
        let effectiveSamples: Double?
    }

    @Sendable private static func run(_ arguments: Arguments) throws {
        let chosen = arguments[method]
        for (isAllowed, option) in [
            (chosen == .counting, data as any CommandLineKit.Parameter),
            (chosen == .likelihoodWeighting || chosen == .rejection, samples),
        ] where arguments.isGiven(option) && !isAllowed {
            throw UsageError(
                "'--\(option.declaration.name)' does not belong to '--method \(chosen.rawValue)'")
        }
        let network = try BayesianNetwork(contentsOf: URL(filePath: arguments[network]))
        let question = try question(arguments[query], to: network)
        let answer: JointDistribution
        var sampled: SampledDistribution?
        var generator = Generator(seed: UInt64(arguments[Options.seed]))
        switch chosen {
        case .exact:
            answer = try VariableElimination(network).distribution(
                of: question.targets, given: question.evidence)
        case .likelihoodWeighting, .rejection:
            let found = try SampledInference(
                network, by: chosen == .rejection ? .rejection : .likelihoodWeighting
            ).distribution(
                of: question.targets, given: question.evidence, count: arguments[samples], using: &generator)
            (answer, sampled) = (found.distribution, found)
        case .counting:
            guard let path = arguments[data] else {
                throw UsageError("'--method counting' wants rows to count; give '--data'")
            }
            let table = try NetworkTable(path)
            let rows = try table.data(of: network).rows
            let found = try table.naming {
                try WeightedCounting(network).distribution(
                    of: question.targets, given: question.evidence, in: rows)
            }
            (answer, sampled) = (found.distribution, found)
        }
        let isSampling = chosen == .likelihoodWeighting || chosen == .rejection
        let report = Answer(
            query: arguments[query], method: chosen.rawValue,
            nodes: question.targets.map { network.nodes[$0].name },
            rows: answer.probabilities.indices.compactMap { index in
                let categories = answer.categories(at: index)
                guard question.asks(for: categories) else { return nil }
                return Answer.Row(
                    categories: zip(question.targets, categories).map { network.nodes[$0].categories[$1] },
                    probability: answer.probabilities[index],
                    standardError: sampled?.standardErrors[index])
            },
            samples: isSampling ? arguments[samples] : nil, effectiveSamples: sampled?.effectiveCount)
        Terminal.output.text(arguments[Options.json] ? try jsonText(report) : text(report))
    }

    /// The question; what is wrong with it is a matter of the command line.
    private static func question(_ text: String, to network: BayesianNetwork) throws -> NetworkQuery {
        do {
            return try NetworkQuery(parsing: text, to: network)
        } catch let error as NetworkError {
            throw UsageError(error.description)
        }
    }

    private static func text(_ answer: Answer) -> String {
        let hasErrors = answer.effectiveSamples != nil
        var table = Table(
            answer.nodes.map { ($0, .left) } + [("probability", .right)] + (hasErrors ? [("±", .right)] : []))
        for row in answer.rows {
            let numbers = [row.probability, row.standardError].compactMap { $0 }
            table.append(row.categories + numbers.map { String(format: "%.6f", $0) })
        }
        let effective = answer.effectiveSamples.map { String(format: "%.1f", $0) } ?? ""
        let note =
            switch (answer.samples, hasErrors) {
            case (let samples?, _): "\(samples) draws, worth \(effective) that agree\n"
            case (nil, true): "rows that agree: \(effective)\n"
            default: ""
            }
        return "\(answer.query.printable)\n\n\(table.text)\(note)"
    }
}
