import CommandLineKit
import Foundation
import VAE

/// `vae datasets`: the named sets and where they are.
enum DatasetsCommand {
    static let command = Command(
        "datasets", summary: "Lists the named data sets and where they are found.",
        discussion: """
            A named set is sought in --data-dir or the folder that VAE_DATA_DIR names, then in the cache, and otherwise \
            downloaded when it is first used. Sets of one's own need no name: give 'vae train --data' a folder of PNG or \
            JPEG images, or an IDX, NPY or CSV file.
            """,
        examples: [
            Example("vae datasets", "All sets."),
            Example(
                "vae datasets --data-dir ~/data",
                "Which of them are in a folder, as torchvision lays them out."),
        ],
        options: [OptionGroup("Data", [Options.dataDirectory]), OptionGroup("Output", [Options.json])],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let library = try DataLibrary(directory: arguments.dataDirectory)
        var table = Table([("name", .left), ("what", .left), ("where", .left)])
        for set in NamedSet.all {
            table.append([
                set.name, set.summary, library.location(of: set)?.path ?? "downloaded when first used",
            ])
        }
        print(table.text, terminator: "")
    }
}
