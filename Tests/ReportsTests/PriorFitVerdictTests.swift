import Evaluation
import Foundation
import Reports
import Testing

@Suite("What to make of the prior that the codes ask for")
struct PriorFitVerdictTests {
    private func fit(components: Int, gain: Double) throws -> PriorFit {
        let text = """
            {"split": "test", "examples": 100, "samples": 1, "trainingExamples": 500, "components": \(components),
             "candidates": [], "gain": {"mean": \(gain), "standardError": 0.1}}
            """
        return try JSONDecoder().decode(PriorFit.self, from: Data(text.utf8))
    }

    @Test("Where there is something to gain it ends with the whole command")
    func command() throws {
        let (many, one) = (try fit(components: 20, gain: 1), try fit(components: 1, gain: 1))
        #expect(
            many.verdict(on: "runs/digits")
                == "'vae refit runs/digits' with a mixture of 20 components as the prior fits one.")
        #expect(
            one.verdict(on: "run") == "One Gaussian is enough: 'vae refit run' with a learned prior fits it.")
    }

    @Test("What is within two standard errors of nothing asks for no command")
    func nothing() throws {
        let found = try fit(components: 20, gain: 0.2)
        #expect(found.verdict(on: "run") == "No such mixture fits them better than the prior does.")
    }
}
