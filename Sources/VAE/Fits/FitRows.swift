import Datasets
import Formats
import Foundation
import Reports
import Runs
import Tensors

/// Rows of numbers for a model that is fitted to them: a table with whatever is missing, images, or codes of a run.
public struct FitRows {
    /// Where they come from.
    public let source: FitSource
    /// `[n, size]`: float64 of a table, with NaN where a number is missing; float32 of images and codes.
    public let values: Tensor
    /// Which part of the data they are; "all" of data that have no parts.
    public let split: String
    /// Lines that a person should read.
    public let notes: [String]

    /// Reads rows.
    ///
    /// - Parameters:
    ///   - source: What to read; its columns choose those of a table, all that hold numbers where there are none. Its
    ///     shape is found here.
    ///   - split: Which part of the data; `training` where it is absent.
    ///   - trained: Encodes the examples, if the rows are to be their codes.
    ///   - drawsCodes: Whether codes are draws of q(z | x), as a density of z is fitted to, rather than its centers.
    ///   - library: Finds the data.
    ///   - allowsConstants: Whether columns may say nothing, as they may to a model that is already fitted.
    /// - Throws: `DatasetsError` and `FormatError`, naming the file and the column.
    public init(
        _ source: FitSource, split: String? = nil, encodedBy trained: TrainedModel? = nil,
        drawsCodes: Bool = false, in library: DataLibrary, allowsConstants: Bool = false
    ) throws {
        var hasSplits = false
        if let trained {
            let choice = trained.configuration.data.ofOther(source.data)
            let splits = try choice.open(in: library, seed: trained.configuration.seed)
            hasSplits = splits.validation != nil || splits.test != nil
            let examples = try splits.split(named: split ?? "training")
            try trained.configuration.check(examples)
            values = try inChunks(examples.count) { range in
                let noise = trained.evaluationNoise
                let batch = choice.preprocessing.apply(to: try examples.batch(range), using: noise)
                return drawsCodes
                    ? trained.drawnCodes(of: batch, using: noise) : trained.encode(batch).centers
            }
            notes = splits.notes
            self.source = FitSource(data: source.data, shape: [values.size(along: 1)], run: source.run)
        } else if let table = try Self.table(source, allowsConstants: allowsConstants) {
            guard split == nil || split == "training" else {
                throw DatasetsError.noSplit(set: source.data, name: split!, known: ["training"])
            }
            (values, notes) = (table.values, table.notes)
            self.source = FitSource(
                data: source.data, columns: table.columns, shape: [table.values.size(along: 1)])
        } else {
            guard source.columns == nil else {
                throw DatasetsError.unsuitable(set: source.data, reason: "it has no columns to choose from")
            }
            let splits = try library.open(source.data)
            hasSplits = splits.validation != nil || splits.test != nil
            let examples = try splits.split(named: split ?? "training")
            guard examples.count > 0 else {
                throw DatasetsError.tooFewExamples(set: source.data, count: 0, wanted: "at least one")
            }
            let preprocessing = Preprocessing.standard(for: examples.elementKind)
            values = try inChunks(examples.count) { range in
                preprocessing.apply(to: try examples.batch(range), using: Generator(seed: 0))
                    .examples.flattened(from: 1)
            }
            notes = splits.notes
            self.source = FitSource(data: source.data, shape: examples.exampleShape)
        }
        self.split = hasSplits ? split ?? "training" : wholeDataName
    }

    /// Refuses rows of which a number is missing.
    ///
    /// - Throws: `DatasetsError.notFinite`.
    public func requireComplete() throws {
        let isMissing = values.isNaN()
        guard isMissing.anyTrue() else { return }
        let place = Int(isMissing.converted(to: .float32).flattened().argmax(along: 0).scalar())
        let width = values.size(along: 1)
        throw DatasetsError.notFinite(
            path: source.data, row: place / width + 1, column: source.names[place % width].debugDescription)
    }

    /// The table that the rows are of, as text; `nil` where they have no columns with names.
    ///
    /// - Throws: `FormatError.file`.
    public func table() throws -> CSVTable? {
        guard source.columns != nil else { return nil }
        return try CSV.read(URL(fileURLWithPath: source.data), allText: true)
    }

    /// The first rows.
    public func prefix(_ count: Int) -> FitRows {
        FitRows(
            source: source, values: values.sliced(along: 0, from: 0, to: count), split: split, notes: notes)
    }

    private init(source: FitSource, values: Tensor, split: String, notes: [String]) {
        (self.source, self.values, self.split, self.notes) = (source, values, split, notes)
    }

    private typealias Table = (values: Tensor, columns: [String]?, notes: [String])

    /// The numbers of a CSV file, or of an array of real numbers; `nil` for other data.
    private static func table(_ source: FitSource, allowsConstants: Bool) throws -> Table? {
        let url = URL(fileURLWithPath: source.data)
        guard NamedSet.named(source.data) == nil, try FolderEntry.kind(of: url) != nil,
            try !FolderEntry.isFolder(url)
        else { return nil }
        let kind = try DataFile.kind(of: url)
        if kind == .csv { return try csv(url, source, allowsConstants: allowsConstants) }
        guard kind == .npy else { return nil }
        let array = try NPY.read(url)
        guard array.shape.count == 2, array.count > 0, array.scalarType != .u8, array.scalarType != .bool,
            source.columns == nil
        else { return nil }
        let values = Tensor(array.converted(to: Double.self), shape: array.shape)
        try check(values, names: source.columns, path: source.data, allowsConstants: allowsConstants)
        return (values, nil, [])
    }

    private static func csv(_ url: URL, _ source: FitSource, allowsConstants: Bool) throws -> Table {
        let table = try CSV.read(url)
        // What says nothing is left out, unless it is chosen or nothing else is there.
        let telling = table.columns.filter(\.varies).map(\.name)
        let silent = table.numericNames.filter { !telling.contains($0) }
        let leavesOut = source.columns == nil && !allowsConstants && table.rowCount > 1 && !telling.isEmpty
        let columns = source.columns ?? (leavesOut ? telling : table.numericNames)
        let array: RawArray
        do {
            array = try table.matrix(columns.isEmpty ? nil : columns)
        } catch let error as FormatError {
            throw FormatError.file(path: source.data, error)
        }
        let values = Tensor(array.converted(to: Double.self), shape: array.shape)
        try check(values, names: columns, path: source.data, allowsConstants: allowsConstants)
        var notes = table.notes.map { "\(source.data): \($0)" }
        func note(_ what: String, _ names: [String]) {
            guard source.columns == nil, !names.isEmpty else { return }
            notes.append("\(source.data): \(what) left out: \(names.joined(separator: ", "))")
        }
        note("text columns", table.columns.map(\.name).filter { !table.numericNames.contains($0) })
        if leavesOut { note("columns with one value, or none, in all rows", silent) }
        return (values, columns, notes)
    }

    /// Refuses infinite numbers, and columns that say nothing.
    private static func check(_ values: Tensor, names: [String]?, path: String, allowsConstants: Bool) throws
    {
        let (rows, width) = (values.size(along: 0), values.size(along: 1))
        let numbers = values.array(of: Double.self)
        for column in 0..<width {
            let name = names.map { $0[column].debugDescription } ?? "\(column + 1)"
            let all = stride(from: column, to: numbers.count, by: width).map { numbers[$0] }
            if let row = all.firstIndex(where: \.isInfinite) {
                throw DatasetsError.notFinite(path: path, row: row + 1, column: name)
            }
            if allowsConstants { continue }
            let known = all.filter { !$0.isNaN }
            guard let first = known.first else {
                throw DatasetsError.unsuitable(set: path, reason: "column \(name) has no number in any row")
            }
            if rows > 1, known.allSatisfy({ $0 == first }) {
                throw DatasetsError.constantColumn(path: path, column: name, value: first)
            }
        }
    }
}
