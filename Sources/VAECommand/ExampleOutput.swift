import CommandLineKit
import Formats
import Foundation
import VAE

/// The file that a command writes examples to: a picture, or an array or table of their values.
struct ExampleOutput {
    enum Format: String, CaseIterable {
        case png, npy, csv
    }

    let url: URL
    let format: Format
    private let scale: Int
    /// The names of the columns of the data, where they have some.
    private let columnNames: [String]?

    /// Finds out where the examples of a run go.
    ///
    /// - Parameters:
    ///   - path: What the user gave; a picture in the run's `figures`, or a table in the run, when absent.
    ///   - name: The file's name without extension, when it is chosen here.
    ///   - trained: The model, which makes images or rows of a table.
    ///   - scale: How many times pictures are enlarged.
    /// - Throws: `UsageError` for another kind of file, or pictures of what are no images.
    init(_ path: String?, name: String, for trained: TrainedModel, scale: Int) throws {
        let isPictorial = trained.exampleShape.count == 3
        self.scale = scale
        columnNames = trained.configuration.data.reading.columns
        if let path {
            url = URL(filePath: path)
            format = try Self.format(of: url)
        } else if isPictorial {
            url = trained.run.figuresURL.appendingPathComponent(name + ".png")
            format = .png
            try? FileManager.default.createDirectory(
                at: trained.run.figuresURL, withIntermediateDirectories: false)
        } else {
            url = trained.run.url.appendingPathComponent(name + ".csv")
            format = .csv
        }
        if format == .png && !isPictorial {
            throw UsageError(
                "the model in \(trained.run.url.path) makes rows of \(sizeText(trained.exampleShape)) values, not "
                    + "images; give --out a name that ends in .csv or .npy")
        }
    }

    /// The format that a file's name asks for.
    static func format(
        of url: URL, among allowed: [Format] = Format.allCases, option: String = "--out"
    ) throws -> Format {
        guard let format = Format(rawValue: url.pathExtension.lowercased()), allowed.contains(format) else {
            let names = allowed.map { "." + $0.rawValue }.joined(separator: " or ")
            throw UsageError(
                "invalid value '\(url.relativePath)' for '\(option)'; expected a name that ends in \(names)")
        }
        return format
    }

    /// Writes `[count] + exampleShape`, pictures in rows of `columns`, and says where.
    func write(_ examples: Tensor, columns: Int, padding: Int = 2) throws {
        try write(examples) { images in
            ImageGrid(columns: columns, padding: padding, scale: scale).tiled(images)
        }
    }

    /// Writes reconstructions, as pictures each below its original, and says where.
    func write(_ reconstructions: Tensor, besides originals: Tensor, columns: Int) throws {
        try write(reconstructions) { images in
            ImageGrid(columns: columns, scale: scale).paired(
                originals: Pictures.images(originals), reconstructions: images)
        }
    }

    private func write(_ examples: Tensor, picture: ([ImageBuffer]) -> ImageBuffer) throws {
        switch format {
        case .png:
            let pixels = examples.count * scale * scale
            guard pixels <= ImageBuffer.pixelLimit / 4 else {
                throw UsageError(
                    "the picture would have some \(pixels) pixels; ask for fewer, or a smaller --scale")
            }
            try AtomicFile.write(PNG.encode(picture(Pictures.images(examples))), to: url)
        case .npy:
            try NPY.write(RawArray(shape: examples.shape, values: examples.array(of: Float.self)), to: url)
        case .csv:
            let rows = examples.flattened(from: 1)
            let width = rows.size(along: 1)
            let names = columnNames.map { Array($0.prefix(width)) } ?? (0..<width).map { "x\($0)" }
            try AtomicFile.write(CSV.encode(names: names, rows: rowArrays(rows)), to: url)
        }
        Terminal.output.line(url.relativePath)
    }
}

/// The rows of a matrix.
func rowArrays(_ matrix: Tensor) -> [[Double]] {
    let width = matrix.size(along: 1)
    // A float32 is printed with its own digits, not with those of the float64 nearest to it.
    let values = matrix.array(of: Float.self).map { Double("\($0)") ?? Double($0) }
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
}
