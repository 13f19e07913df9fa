import Formats
import Tensors

/// How the rows of a table become examples.
struct TableReading {
    /// The columns to learn, in order; all of numbers when absent.
    var columns: [String]?
    /// The shape of an example, where the rows are images.
    var shape: [Int]?
    /// The classes of the rows, where they stand in a file of their own.
    var labels: Labels?
    /// Whether columns with one value in all rows are kept.
    var keepsConstants = false
    /// The split that is learned from, whose columns and classes another one is to have.
    var training: InMemorySource?
}

extension CSVTable {
    /// The columns of numbers as examples; a column of text gives their classes.
    ///
    /// Columns with one value in all rows say nothing and are left out, unless the rows are images. A column of text
    /// gives the classes when it is chosen, or is the only one and few of its texts differ; so does a column of images
    /// that is called `label`.
    ///
    /// - Parameters:
    ///   - name: What messages call the set: the path of the file.
    ///   - reading: What is chosen.
    /// - Returns: The source, and lines that a person should read.
    /// - Throws: `DatasetsError` and `FormatError`, naming the column.
    func source(name: String, _ reading: TableReading = TableReading()) throws -> (InMemorySource, [String]) {
        var notes = self.notes.map { "\(name): \($0)" }
        let chosen = try columns(chosenBy: reading, name: name)
        var numeric = chosen.filter(\.isNumeric)
        guard !numeric.isEmpty else {
            throw FormatError.file(path: name, .noNumbers(columns: chosen.map(\.name)))
        }
        let (found, classColumn, classNames) = try classes(of: chosen, reading, name, &notes)
        var labels = found
        if let shape = reading.shape, numeric.count == shape.reduce(1, *) + 1, labels == nil,
            let place = [0, numeric.count - 1].first(where: {
                Self.labelNames.contains(numeric[$0].name.lowercased())
            })
        {
            let column = numeric.remove(at: place)
            labels = try Labels(numbers: column.numbers, of: column.name, in: name).values
            notes.append("\(name): column \(column.name.debugDescription) gives the classes")
        }
        for column in numeric { try check(column.numbers, of: column.name, in: name) }
        if reading.shape == nil, reading.training == nil, !reading.keepsConstants, rowCount > 1 {
            let constant = numeric.filter { !$0.varies }
            guard constant.count < numeric.count else {
                throw DatasetsError.constantColumn(
                    path: name, column: constant[0].name.debugDescription, value: constant[0].numbers[0])
            }
            if !constant.isEmpty {
                notes.append(
                    "\(name): columns with one value in all rows left out: \(list(constant.map(\.name)))")
                numeric.removeAll { column in constant.contains { $0.name == column.name } }
            }
        }
        let width = numeric.count
        var values = [Float](repeating: 0, count: rowCount * width)
        for (place, column) in numeric.enumerated() {
            for (row, value) in column.numbers.enumerated() { values[row * width + place] = Float(value) }
        }
        let array = RawArray(shape: [rowCount, width], values: values)
        guard let shape = reading.shape, shape.count > 1 else {
            if reading.shape == nil, reading.columns == nil { try array.requireNoImages(name) }
            return (
                InMemorySource(
                    name: name, examples: Tensor(values, shape: array.shape), elementKind: .real,
                    labels: labels, columnNames: numeric.map(\.name), classColumn: classColumn,
                    classNames: classNames), notes
            )
        }
        let (source, more) = try array.source(name: name, labels: labels.map { Labels($0) }, shape: shape)
        return (source, notes + more)
    }

    private static let labelNames = ["label", "labels", "class", "target", "y", "digit"]

    /// The columns to learn from.
    ///
    /// Where none of text is chosen, all of text may give the classes.
    private func columns(chosenBy reading: TableReading, name: String) throws -> [Column] {
        guard let names = reading.training?.columnNames ?? reading.columns else { return columns }
        let found = try names.map { wanted in
            guard let column = columns.first(where: { $0.name == wanted }) else {
                throw FormatError.file(
                    path: name, .unknownColumn(name: wanted, known: numericNames))
            }
            return column
        }
        return found.allSatisfy(\.isNumeric) ? found + columns.filter { !$0.isNumeric } : found
    }

    /// The classes of the rows, from a column of text.
    private func classes(
        of chosen: [Column], _ reading: TableReading, _ name: String, _ notes: inout [String]
    ) throws -> (labels: [Int]?, column: String?, names: [String]?) {
        if let labels = reading.labels { return (try labels.values(for: rowCount, of: name), nil, nil) }
        let texts = chosen.filter { !$0.isNumeric }
        guard let first = texts.first else { return (nil, nil, nil) }
        let isChosen = reading.columns?.contains(first.name) == true
        if isChosen, texts.count > 1 {
            throw DatasetsError.unsuitable(
                set: name, reason: "more than one of the chosen columns is text (\(list(texts.map(\.name))))")
        }
        let fields = first.content.texts
        let known = reading.training?.classNames
        let names = known ?? Set(fields).sorted()
        // Texts nearly all of which differ are names of the rows.
        let areClasses = isChosen || known != nil || names.count <= 20 || 2 * names.count <= fields.count
        guard texts.count == 1, areClasses else {
            if reading.training == nil {
                notes.append("\(name): text columns left out: \(list(texts.map(\.name)))")
            }
            return (nil, nil, nil)
        }
        if reading.training == nil {
            notes.append(
                "\(name): column \(first.name.debugDescription) gives \(names.count) classes (\(list(names)))"
            )
        }
        return (fields.map { names.firstIndex(of: $0) ?? names.count }, first.name, names)
    }

    private func check(_ values: [Double], of column: String, in path: String) throws {
        if let row = values.firstIndex(where: \.isNaN) {
            throw DatasetsError.missingCell(path: path, row: row + 1, column: column.debugDescription)
        }
        // What is finite in the file may still be too large for the float32 that models see.
        if let row = values.firstIndex(where: { !Float($0).isFinite }) {
            throw DatasetsError.notFinite(path: path, row: row + 1, column: column.debugDescription)
        }
    }
}

extension CSVTable.Column {
    var isNumeric: Bool { if case .numbers = content { true } else { false } }

    /// Whether the column holds numbers, at least two of which differ.
    package var varies: Bool {
        guard let first = numbers.first(where: { !$0.isNaN }) else { return false }
        return numbers.contains { !$0.isNaN && $0 != first }
    }

    /// The numbers; none of a column of text.
    var numbers: [Double] { if case .numbers(let numbers) = content { numbers } else { [] } }
}
