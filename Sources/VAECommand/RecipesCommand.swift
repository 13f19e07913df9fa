import CommandLineKit
import Foundation
import VAE

/// `vae recipes`: reproductions by name.
enum RecipesCommand {
    private static let name = Positional("name", .string, help: "A recipe. Without it, all are listed.")

    static let command = Command(
        "recipes", summary: "Lists the reproductions that 'vae train --recipe' repeats.",
        discussion: """
            A recipe is a whole configuration with the commands that measure its run, our figures, and the published \
            ones where there are some.
            """,
        examples: [
            Example("vae recipes", "All of them."),
            Example("vae recipes iwae-mnist-k50", "One, with its settings and commands."),
        ],
        positionals: [name], options: [OptionGroup("Output", [Options.json])], run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        if let name = arguments[name] {
            let recipe = try found(name)
            Terminal.output.text(arguments[Options.json] ? try jsonText(recipe) : try text(of: recipe, name))
        } else if arguments[Options.json] {
            let titles = try Recipe.names.map { ($0, try found($0).title) }
            Terminal.output.text(try jsonText(Dictionary(uniqueKeysWithValues: titles)))
        } else {
            var table = Table([("recipe", .left), ("what", .left)])
            for name in Recipe.names { table.append([name, try found(name).title]) }
            Terminal.output.text(table.text)
        }
    }

    /// The recipe of a name.
    ///
    /// - Throws: `UsageError` where there is none.
    static func found(_ name: String) throws -> Recipe {
        guard let recipe = try Recipe.named(name) else {
            throw UsageError("there is no recipe '\(name)'; 'vae recipes' lists them")
        }
        return recipe
    }

    private static func text(of recipe: Recipe, _ name: String) throws -> String {
        var table = Table([
            ("measured", .left), ("ours", .left), ("of", .left), ("published", .left),
        ])
        for result in recipe.results {
            let source = result.source.map { " (\($0))" } ?? ""
            let seeds = result.seedCount == 1 ? "one seed" : "\(result.seedCount) seeds"
            table.append([result.measure, result.ours, seeds, result.published.map { $0 + source } ?? ""])
        }
        let about = [recipe.machine.map { "on \($0)" }, recipe.time].compactMap { $0 }.joined(separator: ", ")
        let sections: [String?] = [
            recipe.title, recipe.note, table.text.trimmingCharacters(in: .newlines),
            about.isEmpty ? nil : about,
            try recipe.commands(named: name).map { "    " + $0 }.joined(separator: "\n"),
            recipe.configuration.text,
        ]
        return sections.compactMap { $0 }.joined(separator: "\n\n") + "\n"
    }
}
