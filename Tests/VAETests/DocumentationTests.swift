import Foundation
import TestSupport
import Testing
import VAE

@Suite("Programs in the documents")
struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Lines without their indentation, which a document may change.
    private static func flat(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }

    @Test("The README's program is the example that the build compiles")
    func readme() throws {
        let example = try Self.text("Examples/QuickStart/main.swift")
        #expect(try Self.text("README.md").contains("```swift\n" + example + "```"))
    }

    @Test("Every snippet of the guide to own models is in a file that the build compiles")
    func guide() throws {
        let own = "Examples/OwnModel/Sources/OwnModel/"
        let sources = try [
            own + "Laplace.swift", own + "TwoLevelVAE.swift", own + "main.swift",
            "Tests/VAETests/GuideSnippets.swift",
        ].map { try Self.flat(Self.text($0)) }
        let blocks = try Self.text("docs/WritingAModel.md").components(separatedBy: "```swift\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count > 5)
        for block in blocks {
            #expect(sources.contains { $0.contains(Self.flat(block)) }, "\(block)")
        }
    }

    @Test("The guide's model learns in the guide's loop")
    func loop() throws {
        var generator = Generator(seed: 3)
        let batch = Batch((generator.uniform([32, 64]) - 0.2).rounded())
        let losses = try fiveSteps(on: batch)
        #expect(losses.count == 5 && losses.allSatisfy(\.isFinite) && losses[4] < losses[0])
    }

    @Test("The guide's prior is learned, and the model of it reconstructs")
    func prior() throws {
        try withTemporaryFolder { folder in
            let splits = try DataChoice("sprites", imageSize: 16, validationCount: 39_000).open()
            let pictures = try trainWithScaledPrior(on: splits, in: folder.appending(path: "run"))
            #expect(pictures.shape == [8, 1, 16, 16])
            let state = try ModuleState(TrainedModel(opening: folder.appending(path: "run")).model)
            let found = try #require(state.parameters.first { $0.key == "priorModel.logVariance" })
            #expect(found.parameter.value.scalar() < 2 * log(2.0))
        }
    }
}
