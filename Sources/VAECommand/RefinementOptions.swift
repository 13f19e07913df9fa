import CommandLineKit
import VAE

/// How each example's own posterior is improved.
enum RefinementOptions {
    private static let defaults = Refinement()
    private static let samples = Option(
        "refinement-samples", .integer(in: 1...10_000), default: defaults.samples,
        help: "Draws of z for each example in a step.")
    private static let optimizer = Option(
        "refinement-optimizer", .choice(Refinement.Rule.self), default: defaults.optimizer,
        help: "Which update.")
    private static let rate = Option(
        "refinement-rate", .double(in: 1e-12...1000),
        help: "The step length at the beginning, from which it falls to zero. Without it, \(rates).")
    /// The step length of each optimiser, where none is given.
    private static let rates = Refinement.Rule.allCases.map { "\($0.learningRate) of \($0.rawValue)" }
        .joined(separator: ", ")

    /// All of them; the number of steps is each command's.
    static let all: [any CommandLineKit.Parameter] = [samples, optimizer, rate]

    /// What was chosen.
    static func refinement(_ arguments: Arguments, steps: Int) -> Refinement {
        var refinement = Refinement()
        refinement.steps = steps
        refinement.samples = arguments[samples]
        refinement.optimizer = arguments[optimizer]
        refinement.learningRate = arguments[rate]
        return refinement
    }
}
