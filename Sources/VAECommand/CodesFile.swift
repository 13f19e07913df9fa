import CommandLineKit
import Formats
import Foundation
import VAE

/// Codes in a file: what `vae encode` writes and `vae decode` reads.
///
/// NPY holds `[2, count, latents]`, means before log-variances; CSV has a row for each example, with columns
/// `mean_0…` and `log_variance_0…`. Where a posterior has no variances to report it is codes alone: NPY
/// `[count, latents]`, CSV with columns `code_0…`. Reading takes both, and any table with a column for each unit.
enum CodesFile {
    /// Writes codes and log-variances, `[count, latents]` each.
    static func write(codes: Tensor, logVariances: Tensor?, to url: URL, as format: ExampleOutput.Format)
        throws
    {
        if format == .npy {
            let array = logVariances.map { Tensor.stacked([codes, $0]) } ?? codes
            try NPY.write(RawArray(shape: array.shape, values: array.array(of: Float.self)), to: url)
        } else {
            let units = 0..<codes.size(along: 1)
            func names(_ stem: String) -> [String] { units.map { "\(stem)_\($0)" } }
            if let logVariances {
                let rows = zip(rowArrays(codes), rowArrays(logVariances)).map { $0 + $1 }
                try AtomicFile.write(
                    CSV.encode(names: names("mean") + names("log_variance"), rows: rows), to: url)
            } else {
                try AtomicFile.write(CSV.encode(names: names("code"), rows: rowArrays(codes)), to: url)
            }
        }
    }

    /// Reads codes, the means where there are both.
    ///
    /// - Parameters:
    ///   - url: A file in NPY or CSV.
    ///   - latents: How many units a code must have.
    /// - Returns: `[count, latents]`.
    /// - Throws: `Failure` where the codes are not this model's or not finite; `FormatError.file`.
    static func read(_ url: URL, latents: Int) throws -> Tensor {
        let array: RawArray
        switch url.pathExtension.lowercased() {
        case "npy": array = try NPY.read(url)
        case "csv": array = try readTable(url, latents: latents)
        default:
            throw UsageError(
                "invalid value '\(url.relativePath)' for '<codes>'; expected a name that ends in .npy or .csv"
            )
        }
        let values = array.converted(to: Float.self)
        let counts =
            switch array.shape.count {
            case 2 where array.shape[1] == latents: array.shape[0]
            case 3 where array.shape[0] == 2 && array.shape[2] == latents: array.shape[1]
            default: 0
            }
        guard counts > 0 else {
            throw Failure(
                "\(url.relativePath): holds an array of \(sizeText(array.shape)); expected n×\(latents) codes, or "
                    + "2×n×\(latents) means and log-variances, n at least 1",
                exitCode: .dataError)
        }
        let codes = values.prefix(counts * latents)
        if let place = codes.firstIndex(where: { !$0.isFinite }) {
            throw Failure(
                "\(url.relativePath): code \(place / latents), unit \(place % latents), both counted from 0: "
                    + "\(codes[place]) is not a finite number",
                exitCode: .dataError)
        }
        return Tensor(Array(codes), shape: [counts, latents])
    }

    private static func readTable(_ url: URL, latents: Int) throws -> RawArray {
        let table = try CSV.read(url)
        let means = (0..<latents).map { "mean_\($0)" }
        return try table.matrix(Set(means).isSubset(of: table.numericNames) ? means : nil)
    }
}
