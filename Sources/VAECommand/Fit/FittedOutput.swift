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
        print(url.relativePath)
    }

    /// A file beside a model's, `<model>-<name>`.
    static func beside(_ model: String, _ name: String) -> URL {
        let stem = model.hasSuffix(".json") ? String(model.dropLast(".json".count)) : model
        return URL(filePath: stem + "-" + name)
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
