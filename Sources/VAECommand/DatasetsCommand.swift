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
        let entries = NamedSet.all.map { Entry($0, in: library) }
        if arguments[Options.json] { return Terminal.output.text(try jsonText(entries)) }
        var table = Table([
            ("name", .left), ("examples", .right), ("size", .left), ("where", .left), ("what", .left),
        ])
        for entry in entries {
            let count = entry.counts.values.reduce(0, +)
            table.append([entry.name, "\(count)", sizeText(entry.exampleShape), entry.place, entry.summary])
        }
        Terminal.output.text(table.text)
    }

    /// A set and where it is.
    private struct Entry: Encodable {
        let name: String
        let summary: String
        let exampleShape: [Int]
        let counts: [String: Int]
        let origin: String
        let terms: String
        /// The folder, or what happens instead of finding one.
        let place: String

        init(_ set: NamedSet, in library: DataLibrary) {
            name = set.name
            summary = set.summary
            exampleShape = set.exampleShape
            counts = Dictionary(uniqueKeysWithValues: zip(["training", "validation", "test"], set.counts))
            origin = set.origin
            terms = set.terms
            let folder = library.places(of: set).first { set.files(in: $0) != nil }
            place = set.downloads.isEmpty ? "drawn" : folder?.path ?? "to be downloaded"
        }
    }
}
