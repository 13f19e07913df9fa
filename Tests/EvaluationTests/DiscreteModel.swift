import Bounds
import Foundation
import Probability
import Tensors

/// A toy that can be enumerated: z is one of three, x one of two, every probability is in a table, float64.
///
/// z is its number as a vector of one element, x is 0 or 1.
final class DiscreteModel: LatentVariableModel {
    /// p(z).
    static let prior = [0.5, 0.3, 0.2]
    /// P(x = 1 | z).
    static let chance = [0.9, 0.4, 0.15]
    /// q(z | x), a row for each x.
    static let posteriors = [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]]

    /// p(x, z).
    static func joint(_ x: Int, _ z: Int) -> Double { prior[z] * (x == 1 ? chance[z] : 1 - chance[z]) }

    /// log p(x).
    static func logLikelihood(_ x: Int) -> Double { log((0..<3).map { joint(x, $0) }.reduce(0, +)) }

    /// E_q[f(z)] under q(z | x).
    static func expectation(_ x: Int, _ f: (Int) -> Double) -> Double {
        (0..<3).reduce(0) { $0 + posteriors[x][$1] * f($1) }
    }

    /// KL(q(z | x) ‖ p(z | x)), what the ELBO lacks to log p(x).
    static func gap(_ x: Int) -> Double {
        logLikelihood(x) - expectation(x) { log(joint(x, $0) / posteriors[x][$0]) }
    }

    /// Both x in turn, `[2 count, 1]`.
    static func examples(_ count: Int) -> Tensor {
        Tensor([0.0, 1], shape: [2, 1]).broadcast(to: [count, 2, 1]).reshaped([2 * count, 1])
    }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let table = Tensor(Self.posteriors.flatMap { $0 }, shape: [2, 3])
        let z = walk.latent(
            "z", prior: Table(Tensor(Self.prior)),
            posterior: walk.evidence { x in
                Table(table.gathering(x.squeezed(at: 1).converted(to: .int64), along: 0))
            })
        let chances = Tensor(Self.chance).gathering(z.flattened().converted(to: .int64), along: 0)
        let chance = chances.reshaped(z.shape)
        return Bernoulli(logits: chance.log() - (1 - chance).log(), eventRank: 1)
    }
}

/// Probabilities of the numbers 0, 1, …, each a vector of one element.
private struct Table: Refinable, HasCentre {
    /// `[batch..., outcomes]`.
    let probabilities: Tensor

    init(_ probabilities: Tensor) { self.probabilities = probabilities }

    var eventRank: Int { 1 }

    var shape: [Int] { probabilities.shape.dropLast() + [1] }

    var dtype: DType { probabilities.dtype }

    private var outcomes: Int { probabilities.size(along: -1) }

    /// The likeliest.
    var centre: Tensor { probabilities.argmax(along: -1, keepingAxes: true).converted(to: .float64) }

    /// Logits.
    var parameters: [Tensor] { [probabilities.log()] }

    func with(_ parameters: [Tensor]) -> Table { Table(parameters[0].softmax(along: -1)) }

    func logProbability(of z: Tensor) -> Tensor {
        let isOutcome = (z .== Tensor.range(to: Double(outcomes), dtype: .float64)).converted(to: .float64)
        return (isOutcome * probabilities).sum(along: -1).log()
    }

    /// The number of cumulative probabilities that a uniform draw exceeds.
    func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        let batch = probabilities.shape.dropLast()
        let uniform = generator.uniform(leading + batch + [1], dtype: .float64)
        let below = probabilities.cumulativeSum(along: -1).sliced(along: -1, from: 0, to: outcomes - 1)
        return Draw((uniform .> below).converted(to: .float64).sum(along: -1, keepingAxes: true))
    }
}
