import Bounds
import Foundation
import Tensors

/// log p(x) by annealed importance sampling: an estimate that knows nothing of the encoder.
///
/// Chains start at the prior and are led to the posterior through the densities p(z) p(x | z)^β, β rising from 0 to 1:
///
///     log w = Σ_t (β_t − β_{t−1}) log p(x | z_{t−1}),   z_t by Hamiltonian Monte Carlo that leaves p(z) p(x | z)^β_t as it is
///
/// Discrete z, along which there is no slope, moves by draws of the prior instead.
///
/// E[w] = p(x), so that the log of the mean over chains bounds log p(x) from below in expectation. β follows a sigmoid.
///
/// The step lengths of the Monte Carlo are found by pilot chains, which do not enter the estimate: adapted while they are
/// used, as in the paper, they would depend on the chain's past, and w would be biased.
///
/// Source: Neal 2001, arXiv:physics/9803008; Wu, Burda, Salakhutdinov, Grosse 2017, section 3, arXiv:1611.04273.
public struct AnnealedImportanceSampling: Sendable {
    /// T, how many densities chains are led through.
    public var steps = 500
    /// Chains for each example.
    public var chains = 16
    /// Steps of the leapfrog integrator in each move.
    public var leapfrogSteps = 10
    /// Where the search for a step length begins.
    public var stepLength = 0.1
    /// The share of moves that step lengths are chosen to have accepted.
    public var acceptance = 0.65

    /// The defaults.
    public init() {}

    /// β_0 = 0, …, β_T = 1: σ(4 (2 t / T − 1)), stretched to both ends, near which it goes slowly.
    package var schedule: [Double] {
        let sigmoid = (0...steps).map { step -> Double in
            let score: Double = 4 * (2 * Double(step) / Double(steps) - 1)
            return 1 / (1 + exp(-score))
        }
        return sigmoid.map { ($0 - sigmoid[0]) / (sigmoid[steps] - sigmoid[0]) }
    }

    /// Results of the chains of a batch.
    package struct Chains {
        /// log w, `[chains, batch]`, in float64.
        package let logWeights: Tensor
        /// The share of moves accepted, `[batch]`.
        package let acceptance: Tensor
        /// The step length of each move, `[batch]` each.
        package let stepLengths: [Tensor]
    }

    /// The chains of some examples, each a function of the noise, the example's index and the number of the chain.
    package func run(_ joint: LatentJoint, using noise: Generator) -> Chains {
        let pilot = run(
            joint, chains: max(1, chains / 4), stepLengths: nil, using: noise.child(named: "pilot"))
        return run(
            joint, chains: chains, stepLengths: pilot.stepLengths, using: noise.child(named: "chains"))
    }

    /// Chains with given step lengths, or with such as suit the moves so far.
    private func run(
        _ joint: LatentJoint, chains: Int, stepLengths: [Tensor]?, using noise: Generator
    ) -> Chains {
        let target = AnnealedDensity(joint, noise: noise.child(named: "dequantization"))
        var (place, logWeights) = target.start(chains: chains, using: noise.child(named: "start"))
        var length = Tensor(
            repeating: stepLength, shape: [joint.count], dtype: place.logPrior.dtype)
        var used: [Tensor] = []
        var accepted = Tensor(zerosLike: length)
        let hasSlope = target.hasSlope(at: place.z)
        let schedule = schedule
        for step in 1...steps {
            let rise = schedule[step] - schedule[step - 1]
            logWeights += place.logLikelihood.converted(to: .float64) * rise
            // A move at β = 1 would come too late to matter.
            guard step < steps else { break }
            if let stepLengths { length = stepLengths[step - 1] }
            let noise = noise.child(UInt64(step))
            let outcome =
                hasSlope
                ? HamiltonianMove(length: length, steps: leapfrogSteps, temperature: schedule[step])
                    .applied(to: place, of: target, using: noise)
                : IndependentMove(temperature: schedule[step])
                    .applied(to: place, of: target, using: noise)
            place = outcome.place
            let share = outcome.acceptance.mean(along: 0)
            accepted += share
            used.append(length)
            // Ten moves of which none is accepted shorten the step by half.
            length = length * ((share - acceptance) * 0.1).exp()
        }
        return Chains(
            logWeights: logWeights, acceptance: accepted / Double(max(1, used.count)), stepLengths: used)
    }
}
