import Bounds
import Classical
import Foundation
import Tensors
import Testing
import TestSupport

/// The numbers of `docs/BoundsByHand.md`, computed anew.
@Suite struct BoundsByHandTests {
    private let network = Networks.cloud
    /// A model that is wrong.
    private let guess = Networks.make([
        .init("Cloud", ["yes", "no"], table: [[0.7, 0.3]]),
        .init("Sprinkler", ["yes", "no"], parents: ["Cloud"], table: [[0.2, 0.8], [0.6, 0.4]]),
        .init("Rain", ["yes", "no"], parents: ["Cloud"], table: [[0.7, 0.3], [0.3, 0.7]]),
    ])
    /// An encoder that is wrong: q(C = yes) by sprinkler and rain.
    private let encoder = [0.5, 0.2, 0.9, 0.5]
    private let document: String
    private let population: NetworkData

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        document = try String(contentsOf: root.appending(path: "docs/BoundsByHand.md"), encoding: .utf8)
        // A hundred rows in which every outcome is as frequent as it is probable.
        let rows: [[Int?]] = [(9, [nil, 0, 0]), (21, [nil, 0, 1]), (41, [nil, 1, 0]), (29, [nil, 1, 1])]
            .flatMap { Array(repeating: $1, count: $0) }
        population = try NetworkData(rows, of: Networks.cloud)
    }

    private func posterior(_ chances: [Double]) throws -> TabularPosterior {
        try TabularPosterior(
            of: [0], given: [1, 2], probabilities: chances.flatMap { [$0, 1 - $0] }, in: network)
    }

    private func loss(_ q: TabularPosterior, _ model: BayesianNetwork) throws -> Double {
        let elbos = try q.bound(of: population, under: model).elbo.array(of: Double.self)
        return -elbos.reduce(0, +) / Double(elbos.count)
    }

    /// A number as the document has it.
    private func text(_ value: Double) -> String {
        let digits = String(format: "%.4f", value)
        return digits.replacing("-", with: digits == "-0.0000" ? "" : "−")
    }

    private func row(_ cells: String...) -> String { "| \(cells.joined(separator: " | ")) |" }

    /// 1: log p = ELBO + KL(q ‖ posterior), for one outcome and three encoders.
    private func decomposition() throws -> [String] {
        let data = try NetworkData([[nil, 0, 0]], of: network)
        let logProbability = try network.logProbabilities(of: data)[0]
        let exact = try network.posteriors(of: [0], in: data)[0][0]
        return try [(0.5, "any"), (exact, "the posterior"), (0.9, "any other")].map { chance, name in
            let q = try posterior([chance, 0.5, 0.5, 0.5])
            let bound = try q.bound(of: data, under: network)
            let elbo = bound.elbo.array(of: Double.self)[0]
            // By its definition, not as what is missing.
            let divergence =
                chance * log(chance / exact) + (1 - chance) * log((1 - chance) / (1 - exact))
            expectClose(elbo + divergence, logProbability, absolute: 1e-14)
            expectClose(try q.gaps(of: data, under: network)[0], divergence, absolute: 1e-14)
            return row(
                name, text(chance), text(bound.distortion.array(of: Double.self)[0]),
                text(bound.rate.array(of: Double.self)[0]), text(elbo), text(divergence),
                text(elbo + divergence))
        }
    }

    /// 2: entropies of Pop(y) q(z | y), and the cross-entropies that a wrong model has in their place.
    private func entropies() throws -> [String] {
        let shares = [0.09, 0.21, 0.41, 0.29]
        var joint: [(cloud: Int, place: Int, p: Double)] = []
        for (place, share) in shares.enumerated() {
            joint.append((0, place, share * encoder[place]))
            joint.append((1, place, share * (1 - encoder[place])))
        }
        let clouds = [0, 1].map { cloud in joint.filter { $0.cloud == cloud }.reduce(0) { $0 + $1.p } }
        func q(_ cloud: Int, _ place: Int) -> Double { cloud == 0 ? encoder[place] : 1 - encoder[place] }
        func model(_ cloud: Int, _ place: Int) -> Double {
            guess.probability(of: [cloud, place / 2, place % 2])
        }
        func prior(_ cloud: Int) -> Double { guess.nodes[0].table[cloud] }
        let observed = shares.reduce(0) { $0 - $1 * log($1) }
        let latent = clouds.reduce(0) { $0 - $1 * log($1) }
        let decoded = joint.reduce(0) { $0 - $1.p * log($1.p / clouds[$1.cloud]) }
        let encoded = joint.reduce(0) { $0 - $1.p * log(q($1.cloud, $1.place)) }
        let crossLatent = joint.reduce(0) { $0 - $1.p * log(prior($1.cloud)) }
        let crossDecoded = joint.reduce(0) { $0 - $1.p * log(model($1.cloud, $1.place) / prior($1.cloud)) }
        let divergence = joint.reduce(0) { $0 + $1.p * log($1.p / model($1.cloud, $1.place)) }
        expectClose(latent + decoded - encoded, observed, absolute: 1e-14)
        #expect(latent <= crossLatent && decoded <= crossDecoded)
        let mean = try loss(posterior(encoder), guess)
        expectClose(crossLatent + crossDecoded - encoded, mean, absolute: 1e-14)
        expectClose(observed + divergence, mean, absolute: 1e-14)
        return [
            row(
                "of the population with the encoder", text(latent), text(decoded), text(encoded),
                text(observed)),
            row(
                "with the model in place of the logs", text(crossLatent), text(crossDecoded), text(encoded),
                text(mean)),
            "E[L_E] − H(y) = \(text(mean)) − \(text(observed)) = \(text(divergence))",
        ]
    }

    /// 3: steps of expectation maximisation from the wrong encoder and model.
    private func steps() throws -> [String] {
        var q = try posterior(encoder)
        var model = guess
        var losses = [try loss(q, model)]
        var rows = [row("start", text(losses[0]))]
        for round in 1...3 {
            q = try q.improved(on: population, under: model)
            losses.append(try loss(q, model))
            rows.append(row("E \(round)", text(losses[losses.count - 1])))
            model = try q.maximized(model, on: population)
            losses.append(try loss(q, model))
            rows.append(row("M \(round)", text(losses[losses.count - 1])))
        }
        for (before, after) in zip(losses, losses.dropFirst()) { #expect(after < before) }
        return rows
    }

    /// 4: at the optimum L_E(y) = −ln Pop(y).
    private func optimum() throws -> [String] {
        var fit = NetworkFit()
        (fit.iterations, fit.tolerance) = (20_000, 1e-14)
        let model = try fit.refine(guess, on: population).network
        let losses = try model.bound(of: population).elbo.array(of: Double.self).map { -$0 }
        return zip(
            [0, 9, 30, 71], [("yes, yes", 0.09), ("yes, no", 0.21), ("no, yes", 0.41), ("no, no", 0.29)]
        )
        .map { first, outcome in
            expectClose(losses[first], -log(outcome.1), absolute: 1e-6)
            return row(outcome.0, "\(outcome.1)", text(losses[first]), text(-log(outcome.1)))
        }
    }

    /// 5: an encoder that may look at the sprinkler alone.
    private func amortised() throws -> [String] {
        let q = try TabularPosterior(of: [0], given: [1], in: network).improved(
            on: population, under: network)
        let gap = try q.gaps(of: population, under: network).reduce(0, +) / Double(population.rows)
        let best = try loss(q, network)
        // No other encoder of this kind does better.
        for change in [-0.01, 0.01] {
            for row in 0..<2 {
                var changed = q.probabilities
                changed[2 * row] += change
                changed[2 * row + 1] -= change
                let other = try TabularPosterior(of: [0], given: [1], probabilities: changed, in: network)
                #expect(try loss(other, network) > best)
            }
        }
        return [
            "q(C = yes | S = yes) = \(text(q.probabilities[0])) and q(C = yes | S = no) = \(text(q.probabilities[2]))",
            "The loss is \(text(best)), and \(text(gap)) of it",
        ]
    }

    /// 6: the lecture's weighted counting.
    private func counting() throws -> [String] {
        let gammas = try network.posteriors(of: [0], in: population)
        let found = try WeightedCounting(network).distribution(of: [0], given: [1: 0], in: population)
        let exact = try VariableElimination(network).distribution(of: [0], given: [1: 0])
        expectClose(found.distribution.probabilities, exact.probabilities, absolute: 1e-12)
        let (both, alone) = (gammas[0][0], gammas[9][0])
        return [
            "(9 · \(text(both)) + 21 · \(text(alone))) / 30 = \(text((9 * both + 21 * alone) / 30))",
            "P(C = yes | S = yes) = \(text(exact[0]))",
        ]
    }

    @Test("Every number of the document is what the library computes")
    func numbers() throws {
        let lines = try decomposition() + entropies() + steps() + optimum() + amortised() + counting()
        for line in lines { #expect(document.contains(line), "lacks: \(line)") }
        // What is given, and not computed: the tables and the encoder.
        let given = [
            "0.5", "0.1", "0.8", "0.2", "0.7", "0.3", "0.6", "0.4", "0.9", "0.09", "0.21", "0.41", "0.29",
        ]
        let known = Set(lines.flatMap(Self.decimals) + given)
        for number in Self.decimals(of: document) {
            #expect(known.contains(number), "\(number) is not computed")
        }
    }

    /// The document's program, which does what it says.
    private func program(_ network: BayesianNetwork, _ data: NetworkData) throws -> [Double] {
        var random = Generator(seed: 1)
        let q = TabularPosterior(of: [0], given: [1, 2], in: network)
        let bound =
            try q.bound(of: data, under: network)
        let gaps =
            try q.gaps(of: data, under: network)
        let improved =
            try q.improved(on: data, under: network)
        let maximized =
            try q.maximized(network, on: data)
        let exact =
            try network.bound(of: data)
        let fitted =
            try NetworkFit().fit(network, to: data, using: &random)
        expectClose(bound.elbo + Tensor(gaps), exact.elbo, absolute: 1e-13)
        return try [
            loss(q, network), loss(improved, network), loss(q, maximized),
            -fitted.runs[0].logLikelihood / Double(data.rows),
        ]
    }

    @Test("The document's program is compiled and does what it says")
    func snippet() throws {
        let source = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
        let snippet = try #require(
            document.split(separator: "```swift\n").last?.split(separator: "```").first)
        for line in snippet.split(separator: "\n") {
            let statement = line.split(separator: "//")[0].split(separator: " ").joined(separator: " ")
            #expect(source.contains(statement), "not compiled: \(statement)")
        }
        let losses = try program(network, population)
        #expect(losses[1] < losses[0] && losses[2] < losses[0] && losses[3] < losses[1] + 1e-6)
    }

    private static func decimals(of text: String) -> [String] {
        text.matches(of: /\d+\.\d+/).map { String($0.output) }
    }
}
