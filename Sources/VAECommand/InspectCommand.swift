import CommandLineKit
import Foundation
import VAE

/// `vae inspect`: what is in a run or a checkpoint.
enum InspectCommand {
    private static let path = Positional(
        required: "path", .path, help: "A run folder, or a checkpoint file (.safetensors).")

    static let command = Command(
        "inspect", summary: "Shows what is in a run or a checkpoint.",
        discussion: """
            Of a run: its data, model and settings, the parameters with their shapes, and the metrics of each epoch. Of a \
            checkpoint file: its tensors and metadata. A damaged checkpoint is found out by its checksum.
            """,
        examples: [
            Example("vae inspect runs/digits", "The run."),
            Example(
                "vae inspect runs/digits/checkpoints/latest.safetensors", "All tensors that resuming needs."),
            Example("vae inspect runs/digits --json", "The same for a script."),
        ],
        positionals: [path], options: [OptionGroup("Output", [Options.json])], run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let url = URL(filePath: arguments[path])
        let isFile = url.pathExtension == "safetensors"
        if isFile {
            let contents = CheckpointContents(try Checkpoint(readingFrom: url), path: arguments[path])
            Terminal.output.text(arguments[Options.json] ? try jsonText(contents) : contents.text)
        } else {
            let contents = try RunContents(RunFolder(opening: url), path: arguments[path])
            Terminal.output.text(arguments[Options.json] ? try jsonText(contents) : contents.text)
        }
    }
}

/// A tensor by name.
struct TensorEntry: Encodable {
    let name: String
    let shape: [Int]
    let type: String
    let count: Int

    init(_ name: String, _ tensor: Tensor) {
        self.name = name
        shape = tensor.shape
        type = "\(tensor.dtype)"
        count = tensor.count
    }

    /// Tensors as an aligned table, with their sum below.
    static func table(_ entries: [TensorEntry]) -> String {
        var table = Table([("tensor", .left), ("shape", .left), ("type", .left), ("elements", .right)])
        for entry in entries {
            let shape = entry.shape.isEmpty ? "scalar" : sizeText(entry.shape)
            table.append([entry.name, shape, entry.type, "\(entry.count)"])
        }
        return table.text + "\(entries.reduce(0) { $0 + $1.count }) elements in \(entries.count) tensors\n"
    }
}

/// What a checkpoint file holds.
struct CheckpointContents: Encodable {
    let path: String
    let metadata: [String: String]
    let tensors: [TensorEntry]

    init(_ checkpoint: Checkpoint, path: String) {
        self.path = path
        metadata = checkpoint.metadata
        tensors = checkpoint.tensors.map { TensorEntry($0.key, $0.tensor) }
    }

    var text: String {
        let lines = metadata.sorted { $0.key < $1.key }.flatMap { key, value in
            // A value of several lines is indented, so that none of them looks like another key.
            "\(key.printable): \(value)".components(separatedBy: "\n").enumerated().map { number, line in
                (number == 0 ? "" : "  ") + line.printable + "\n"
            }
        }
        return lines.joined() + "\n" + TensorEntry.table(tensors)
    }
}
