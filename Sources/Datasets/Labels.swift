import Formats
import Foundation

/// The class of each example, from a file of their own.
struct Labels {
    let values: [Int]
    /// The file that they come from; `nil` where it is that of the examples.
    let path: String?

    /// Classes that are known.
    init(_ values: [Int], path: String? = nil) { (self.values, self.path) = (values, path) }

    /// The classes of so many examples.
    ///
    /// - Throws: `DatasetsError.labelCount`.
    func values(for count: Int, of set: String) throws -> [Int] {
        guard values.count == count else {
            throw DatasetsError.labelCount(set: set, examples: count, labels: values.count, path: path ?? set)
        }
        return values
    }

    /// Reads an IDX file of bytes, an NPY array of whole numbers, or the first column of a table.
    ///
    /// - Throws: `DatasetsError` and `FormatError`, naming the file.
    init(readingFrom url: URL) throws {
        let path = url.relativePath
        self.path = path
        switch try DataFile.kind(of: url) {
        case .idx: values = try Self.values(of: IDX.read(url), path)
        case .npy: values = try Self.values(of: NPY.read(url), path)
        case .csv:
            let table = try CSV.read(url)
            switch table.columns[0].content {
            case .numbers(let numbers):
                values = try Labels(numbers: numbers, of: table.columns[0].name, in: path).values
            case .text(let texts): values = classes(of: texts)
            }
        default:
            throw DatasetsError.unknownKind(
                path: path, known: "labels as an IDX, NPY or CSV file")
        }
    }

    /// Classes that stand as numbers in a column.
    init(numbers: [Double], of column: String, in path: String) throws {
        self.path = path
        values = try numbers.enumerated().map { row, number in
            guard let value = Int(exactly: number), 0...1_000_000 ~= value else {
                throw DatasetsError.notALabel(path: path, row: row + 1, column: column, value: "\(number)")
            }
            return value
        }
    }

    private static func values(of array: RawArray, _ path: String) throws -> [Int] {
        guard array.shape.count == 1 else {
            throw DatasetsError.wrongArray(
                path: path, shape: array.shape, type: array.scalarType.rawValue,
                expected: "labels [N], one for each example")
        }
        return try Labels(numbers: array.converted(to: Double.self), of: "1", in: path).values
    }
}

/// The place of each text among the sorted different ones.
func classes(of texts: [some StringProtocol]) -> [Int] {
    let names = Set(texts.map { String($0) }).sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return texts.map { places[String($0)]! }
}
