import Datasets
import Foundation
import Runs
import TestSupport
import Testing
import Training

@Suite("A run is a function of its configuration")
struct DeterminismTests {
    /// Noise in the preprocessing, too, and examples that differ, so that their order matters.
    static func plan(_ change: (inout TrainingSettings) -> Void = { _ in }) -> Plan {
        var plan = Plan(epochs: 2, change)
        plan.training = greys(30, seed: 1)
        plan.validation = greys(12, seed: 2)
        plan.preprocessing = .dynamic
        return plan
    }

    @Test("The same seed gives the same run bit for bit; another seed gives other weights everywhere")
    func seeds() throws {
        try withTemporaryFolder { folder in
            let plan = Self.plan()
            let first = try plan.trained(in: folder, named: "first")
            try expectSame(plan.trained(in: folder, named: "same").run, first.run)
            var other = plan
            other.seed = 2
            let weights = try other.trained(in: folder, named: "other").weights
            #expect(weights.keys.sorted() == first.weights.keys.sorted())
            for (key, bits) in weights { #expect(bits != first.weights[key], "\(key)") }
        }
    }

    @Test("Neither validation nor an average of weights changes the way that the weights take")
    func bystanders() throws {
        try withTemporaryFolder { folder in
            let plain = try Self.plan().trained(in: folder, named: "plain")
            var unvalidated = Self.plan()
            unvalidated.validation = nil
            let averaged = Self.plan { $0.averageDecay = 0.9 }
            for (name, plan) in [("unvalidated", unvalidated), ("averaged", averaged)] {
                let other = try plan.trained(in: folder, named: name)
                #expect(other.weights == plain.weights, "\(name)")
                #expect(
                    try other.run.values("elbo", of: "train") == plain.run.values("elbo", of: "train"),
                    "\(name)")
            }
        }
    }

    /// Steps of 1e-12 leave float32 weights as they are.
    @Test("Epochs are validated with the same noise, so that a model that stays the same measures the same")
    func validationNoise() throws {
        try withTemporaryFolder { folder in
            let run = try Self.plan { $0.learningRate = 1e-12 }.trained(in: folder).run
            let validation = try run.values("elbo", of: "validation")
            #expect(validation[0] == validation[1])
            let training = try run.values("elbo", of: "train")
            #expect(training[0] != training[1])
        }
    }

    @Test("Each draw for an example is another one: more of them change the run")
    func samples() throws {
        try withTemporaryFolder { folder in
            let one = try Self.plan().trained(in: folder, named: "one")
            let three = try Self.plan { $0.samples = 3 }.trained(in: folder, named: "three")
            #expect(three.weights != one.weights)
        }
    }
}
