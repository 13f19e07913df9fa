import Foundation
import Settings

/// A reproduction by name: what to train, how to measure it, and what came out.
public struct Recipe: Codable, Sendable {
    /// What is reproduced.
    public let title: String
    /// The recipe whose run it begins with; `nil` for weights that the seed draws.
    public let from: String?
    /// What it chooses, as a part of `config.json`; the rest suits the data.
    public let configuration: JSONValue
    /// On how many threads, where the numbers are to repeat; `nil` for any number.
    public let threads: Int?
    /// The commands that measure the run, which they call `RUN`.
    public let then: [String]
    /// What came out.
    public let results: [Result]
    /// Where it was measured.
    public let machine: String?
    /// How long it took.
    public let time: String?
    /// What a reader should know.
    public let note: String?

    /// A number, ours and the published one.
    public struct Result: Codable, Sendable {
        /// What is measured, with its unit.
        public let measure: String
        /// Ours: of one seed, or the mean and standard deviation of several.
        public let ours: String
        /// The value of each seed, where there are several.
        public let seeds: [String: Double]?
        /// The published one, if there is one.
        public let published: String?
        /// Where it was published.
        public let source: String?

        /// How many seeds the figure is of.
        public var seedCount: Int { seeds?.count ?? 1 }
    }

    /// The names of all recipes, in the order of the results.
    public static var names: [String] { RecipeData.files.map(\.name) }

    /// The recipe of a name; `nil` where there is none.
    ///
    /// - Throws: Errors of decoding, which a test rules out.
    public static func named(_ name: String) throws -> Recipe? {
        try RecipeData.files.first { $0.name == name }.map {
            try JSONDecoder().decode(Recipe.self, from: Data($0.text.utf8))
        }
    }

    /// The commands that train a run, after the runs that it goes on from, and measure it.
    ///
    /// - Parameter name: Of the recipe.
    /// - Returns: Lines for the shell.
    /// - Throws: Errors of decoding, which a test rules out.
    public func commands(named name: String) throws -> [String] {
        try trainingCommands(named: name) + then.map { $0.replacing("RUN", with: name) }
    }

    private func trainingCommands(named name: String) throws -> [String] {
        let before = try from.flatMap { start in
            try Recipe.named(start)?.trainingCommands(named: start)
        }
        let start = from.map { " --from \($0)" } ?? ""
        return (before ?? []) + ["vae train --recipe \(name)\(start) --out \(name)"]
    }
}
