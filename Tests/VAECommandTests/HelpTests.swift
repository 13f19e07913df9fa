import Foundation
import Testing

/// Against `Tests/Golden/VAECommand/help`, which `record` there writes anew.
@Suite struct HelpTests {
    private static let commands = [
        "train", "refit", "fit", "fit kmeans", "fit mixture", "fit network", "sample", "reconstruct",
        "encode",
        "decode", "interpolate", "traverse", "manifold", "evaluate", "gradients", "compare", "score", "query",
        "inspect", "recipes", "datasets",
    ]

    private static func golden(_ name: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: tests.appendingPathComponent(
                "Golden/VAECommand/help/\(name.replacing(" ", with: "-")).txt"),
            encoding: .utf8)
    }

    @Test func theProgramExplainsItself() throws {
        let outcome = try Vae.run("--help")
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(try outcome.output == Self.golden("vae"))
    }

    @Test(arguments: commands) func everyCommandExplainsItselfWithExamples(command: String) throws {
        let outcome = try Vae.run("\(command) --help")
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(try outcome.output == Self.golden(command))
        let examples = outcome.output.split(separator: "Examples:\n").last?.split(separator: "\n") ?? []
        #expect(examples.count { $0.hasPrefix("  vae ") } >= 2)
    }

    @Test func theHelpOfTrainingIsShortAndLeadsToTheRest() throws {
        let lines = try Vae.run("train --help").output.split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 90)
        #expect(!lines.contains { $0.contains("--components") })
        let model = try Vae.run("train --model vae --help").output
        #expect(model.contains("--components") && !model.contains("--mixing"))
        #expect(try Vae.run("train --model realnvp --help").output.contains("--mixing"))
        #expect(try Vae.run("train --objective mmd --help").output.contains("--mmd-kernel"))
        #expect(try Vae.run("train --help-all").output == Self.golden("train-all"))
    }

    @Test func theBareProgramExplainsItself() throws {
        let outcome = try Vae.run("")
        #expect(outcome.status == 0)
        #expect(try outcome.output == Self.golden("vae"))
    }

    @Test func theVersionIsPrinted() throws {
        let outcome = try Vae.run("--version")
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: /vae \d+\.\d+\.\d+\n/) != nil)
    }

    @Test func datasetsListsEverySetAndWhereItIs() throws {
        let outcome = try Vae.run("datasets")
        #expect(outcome.status == 0)
        for name in [
            "sprites", "mnist", "fashion-mnist", "binarized-mnist", "cifar10", "cifar10-cut", "freyfaces",
        ] {
            #expect(outcome.output.contains("\n\(name) "))
        }
    }
}
