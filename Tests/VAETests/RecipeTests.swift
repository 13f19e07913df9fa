import Foundation
import Testing
import VAE

@Suite("Recipes")
struct RecipeTests {
    /// What the sets of the recipes are like, as far as a configuration asks.
    private static func traits(of source: String) throws -> DataTraits {
        let set = try #require(NamedSet.all.first { $0.name == source }, "no set '\(source)'")
        return DataTraits(
            elements: source == "binarized-mnist" ? .binary : .levels, exampleShape: set.exampleShape,
            count: set.counts[0])
    }

    @Test("Each decodes, and describes a run that can be made", arguments: Recipe.names)
    func validity(_ name: String) throws {
        let recipe = try #require(try Recipe.named(name))
        var choices = recipe.configuration
        if let start = recipe.from {
            choices = try #require(try Recipe.named(start)).configuration.merging(choices)
        }
        let source = choices["data"]?["source"]?.description ?? DataChoice().source
        let traits = try Self.traits(of: source)
        var configuration = try RunConfiguration(Preset.json(for: source, traits).merging(choices))
        configuration.adapt(to: traits, given: choices)
        try configuration.validate()
        var weights = Generator(seed: 0)
        let model = try configuration.model.makeModel(using: &weights)
        let example = Batch(.zeros([1] + configuration.model.exampleShape))
        try configuration.training.validate(for: ModelTraits(of: model, example: example).latentTraits)
        // It is the same run when its config.json is read.
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(RunConfiguration.self, from: data) == configuration)
        #expect(!recipe.results.isEmpty)
    }

    @Test("The page of results and the program's copy are what the folder says")
    func page() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appendingPathComponent("scripts/results")
        process.arguments = ["--check"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
