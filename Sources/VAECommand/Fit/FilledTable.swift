import CommandLineKit
import Formats
import Foundation
import VAE

/// A table with its missing numbers filled in.
///
/// CSV keeps everything else as it stands in the data, columns that no model was fitted to included.
struct FilledTable {
    let url: URL
    private let format: ExampleOutput.Format
    private let rows: FitRows
    /// The table as text; `nil` where the output has numbers only.
    private let text: CSVTable?

    /// Reads again, before a fit takes long, the table that rows are of.
    ///
    /// - Throws: Errors of the data.
    init(_ rows: FitRows, to url: URL, as format: ExampleOutput.Format) throws {
        (self.rows, self.url, self.format) = (rows, url, format)
        text = format == .csv ? try rows.table() : nil
        let names = text?.columns.map(\.name) ?? rows.source.names
        guard text.map({ $0.rowCount == rows.values.size(along: 0) }) ?? true,
            rows.source.names.allSatisfy(names.contains)
        else {
            throw Failure(
                "\(rows.source.data): it changed while it was read; run the command again",
                exitCode: .dataError)
        }
    }

    /// Writes the table, what is missing replaced by what a model expects there.
    func write(filledBy model: GaussianMixture) throws {
        let filled = model.imputed(rows.values)
        let names = rows.source.names
        guard let text else { return try FittedOutput.write(filled, names: names, to: url, as: format) }
        let isMissing = rows.values.isNaN().array(of: Bool.self)
        let values = filled.array(of: Double.self)
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let columns = text.columns.map { column in
            guard let place = places[column.name] else { return column.content.texts }
            return column.content.texts.enumerated().map { row, field in
                let index = row * names.count + place
                return isMissing[index] ? "\(values[index])" : field
            }
        }
        let lines = (0..<text.rowCount).map { row in columns.map { $0[row] } }
        try AtomicFile.write(CSV.encode(names: text.columns.map(\.name), texts: lines), to: url)
    }
}
