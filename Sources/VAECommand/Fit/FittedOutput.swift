import CommandLineKit
import Formats
import Foundation
import VAE

/// The file that rows of a fitted model go to: pictures, an array or a table.
struct FittedOutput {
    private let url: URL
    private let format: ExampleOutput.Format
    private let source: FitSource

    /// Finds out where rows go: to the path given, or beside the model.
    ///
    /// - Throws: `UsageError` for another kind of file, or pictures of what are no images.
    init(_ path: String?, name: String, of model: String, _ source: FitSource) throws {
        self.source = source
        url =
            path.map { URL(filePath: $0) }
            ?? Self.beside(model, name + (source.isPictorial ? ".png" : ".csv"))
        format = try ExampleOutput.format(of: url)
        if format == .png, !source.isPictorial {
            throw UsageError(
                "the model in \(model) makes rows of \(sizeText(source.shape)) values, not images; give --out a "
                    + "name that ends in .csv or .npy")
        }
    }

    /// Writes rows `[n, size]`, and says where.
    func write(_ rows: Tensor, columns: Int, scale: Int) throws {
        if format == .png {
            guard rows.count * scale * scale <= ImageBuffer.pixelLimit / 4 else {
                throw UsageError("the picture would be too large; ask for fewer, or a smaller --scale")
            }
            try Pictures.write(rows.reshaped([-1] + source.shape), columns: columns, scale: scale, to: url)
        } else {
            try Self.write(rows, names: source.names, to: url, as: format)
        }
        Terminal.output.line(url.relativePath)
    }

    /// A file beside a model's, `<model>-<name>`.
    static func beside(_ model: String, _ name: String) -> URL {
        URL(filePath: without([".gz", ".bif", ".json"], model) + "-" + name)
    }

    /// What a model's file is called after its data: the file's name without the endings that tell its kind.
    static func stem(of data: String) -> String {
        let endings = [".gz", ".csv", ".npy", ".idx", ".amat", ".bin"]
        let name = without(endings, URL(filePath: data).lastPathComponent)
        return name.isEmpty ? "data" : name
    }

    /// A path without those endings that it has, one after the other.
    private static func without(_ endings: [String], _ path: String) -> String {
        endings.reduce(path) { $0.lowercased().hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
    }

    /// Checks, before anything takes long, that files can be written where they are to go, none over the data or another.
    static func requireFree(_ files: [URL], apartFrom data: String) throws {
        func place(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path }
        var taken = [place(URL(filePath: data)): "the data"]
        for file in files {
            if let other = taken.updateValue("another output", forKey: place(file)) {
                throw UsageError("\(file.relativePath) would be written over \(other); give it another name")
            }
            let folder = file.absoluteURL.deletingLastPathComponent()
            guard FileManager.default.isWritableFile(atPath: folder.path) else {
                throw Failure(
                    "\(file.relativePath): cannot be written: \(folder.path) is no folder that can be written to; "
                        + "create it first",
                    exitCode: .cantCreate)
            }
        }
    }

    /// Writes rows as a table with a header, or as an array.
    static func write(_ rows: Tensor, names: [String], to url: URL, as format: ExampleOutput.Format) throws {
        let values = rows.array(of: Double.self)
        if format == .npy {
            return try NPY.write(RawArray(shape: rows.shape, values: values), to: url)
        }
        let width = rows.size(along: 1)
        let lines = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
        try AtomicFile.write(CSV.encode(names: names, rows: lines), to: url)
    }
}
