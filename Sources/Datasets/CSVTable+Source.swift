import Formats
import Tensors

extension CSVTable {
    /// The columns of numbers as examples `[columns]`; a single column of text gives their classes.
    ///
    /// - Parameter name: What messages call the set: the path of the file.
    /// - Returns: The source, and the names of columns of text that are left out.
    /// - Throws: `DatasetsError.notFinite` and `.constantColumn`; `FormatError` where no column holds numbers.
    func source(name: String) throws -> (source: InMemorySource, ignored: [String]) {
        var texts: [(name: String, fields: [String])] = []
        for column in columns {
            switch column.content {
            case .numbers(let values): try check(values, of: column.name, in: name)
            case .text(let fields): texts.append((column.name, fields))
            }
        }
        guard !numericNames.isEmpty else {
            throw FormatError.file(path: name, .noNumbers(columns: columns.map(\.name)))
        }
        let array = try matrix()
        let examples = Tensor(array.converted(to: Float.self), shape: array.shape)
        let source = InMemorySource(
            name: name, examples: examples, elementKind: .real,
            labels: texts.count == 1 ? classes(of: texts[0].fields) : nil)
        return (source, texts.count == 1 ? [] : texts.map(\.name))
    }

    private func check(_ values: [Double], of column: String, in path: String) throws {
        // What is finite in the file may still be too large for the float32 that models see.
        if let row = values.firstIndex(where: { !Float($0).isFinite }) {
            throw DatasetsError.notFinite(path: path, row: row + 1, column: column.debugDescription)
        }
        if values.count > 1, values.allSatisfy({ $0 == values[0] }) {
            throw DatasetsError.constantColumn(
                path: path, column: column.debugDescription, value: values[0])
        }
    }
}

/// The place of each text among the sorted different ones.
func classes(of texts: [some StringProtocol]) -> [Int] {
    let names = Set(texts.map { String($0) }).sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return texts.map { places[String($0)]! }
}
