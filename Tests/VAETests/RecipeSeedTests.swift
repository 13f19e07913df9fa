import Foundation
import TestSupport
import Testing
import VAE

@Suite("Results of several seeds")
struct RecipeSeedTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs `scripts/results` of a folder with these recipes in it.
    private func results(_ arguments: [String] = [], in folder: URL) throws -> Int32 {
        let process = Process()
        process.executableURL = folder.appendingPathComponent("scripts/results")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// A folder like that of the project with one recipe of these results.
    private func withRecipe(_ results: String, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let manager = FileManager.default
            for name in ["scripts", "Recipes", "docs", "Sources/VAE/Recipes"] {
                try manager.createDirectory(
                    at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
            }
            try manager.copyItem(
                at: Self.root.appendingPathComponent("scripts/results"),
                to: folder.appendingPathComponent("scripts/results"))
            try Data(#"[{"title": "T", "text": "x", "recipes": ["r"]}]"#.utf8).write(
                to: folder.appendingPathComponent("Recipes/tables.json"))
            let recipe = """
                {"title": "R", "configuration": {}, "then": ["vae evaluate RUN"], "results": [\(results)]}
                """
            try Data(recipe.utf8).write(to: folder.appendingPathComponent("Recipes/r.json"))
            try body(folder)
        }
    }

    private func text(_ path: String, in folder: URL) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("They are shown as mean and standard deviation, with the commands that repeat each seed")
    func several() throws {
        // Of 1, 2, 3, 4 and 5 tenths: mean 0.3, squares about it 0.10, s = √(0.10 / 4).
        let seeds = #"{"1": 0.1, "2": 0.2, "3": 0.3, "4": 0.4, "5": 0.5}"#
        try withRecipe(#"{"measure": "MIG", "seeds": \#(seeds)}, {"measure": "SAP", "ours": "0.7"}"#) {
            folder in
            #expect(try results(in: folder) == 0)
            let page = try text("docs/Results.md", in: folder)
            #expect(page.contains("| MIG | 0.300 ± 0.158 | five seeds |"))
            #expect(page.contains("| SAP | 0.7 | one seed |"))
            #expect(page.contains("`vae train --recipe NAME --seed 3`"))
            #expect(
                page.contains(
                    """
                        for seed in 1 2 3 4 5; do
                          vae train --recipe r --seed $seed --out r-$seed
                          vae evaluate r-$seed
                        done
                    """))
            let data = try text("Sources/VAE/Recipes/RecipeData.swift", in: folder)
            #expect(data.contains(#""ours": "0.300 ± 0.158", "seeds": {"1": 0.1,"#))
            #expect(try results(["--check"], in: folder) == 0)
        }
    }

    @Test("What 'vae evaluate' printed goes into the recipe under its seed")
    func adding() throws {
        try withRecipe(#"{"measure": "MIG", "ours": "0.5"}, {"measure": "β-VAE score", "ours": "0.1"}"#) {
            folder in
            for (seed, gap) in [(2, "0.125"), (1, "0.250")] {
                let file = folder.appendingPathComponent("found")
                try Data("run\n\nMIG  \(gap)         one?\nβ-VAE score  0.758  0.002  two?\n".utf8).write(
                    to: file)
                #expect(try results(["--seed", "r", "\(seed)", file.path], in: folder) == 0)
            }
            #expect(try results(in: folder) == 0)
            let page = try text("docs/Results.md", in: folder)
            #expect(page.contains("| MIG | 0.188 ± 0.088 | two seeds |"), "\(page)")
            #expect(page.contains("| β-VAE score | 0.758 ± 0.000 | two seeds |"))
            let file = folder.appendingPathComponent("found")
            try Data("MIG  0.1\n".utf8).write(to: file)
            let before = try text("Recipes/r.json", in: folder)
            #expect(try results(["--seed", "r", "3", file.path], in: folder) == 1)
            #expect(try text("Recipes/r.json", in: folder) == before)
        }
    }

    @Test("Every result that has seeds is their mean and standard deviation", arguments: Recipe.names)
    func consistency(_ name: String) throws {
        for result in try #require(try Recipe.named(name)).results {
            guard let values = result.seeds.map({ Array($0.values) }) else {
                #expect(result.seedCount == 1)
                continue
            }
            #expect(values.count == result.seedCount && values.count > 1)
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = (squares / Double(values.count - 1)).squareRoot()
            let numbers = result.ours.split(separator: " ± ").compactMap { Double($0) }
            #expect(
                numbers.count == 2 && abs(numbers[0] - mean) <= 5e-4 && abs(numbers[1] - deviation) <= 5e-4)
        }
    }
}
