import Tensors

/// What the elements of a set are.
public enum ElementKind: String, Codable, Sendable {
    /// Levels 0…255 in a byte: images.
    case bytes
    /// Zeros and ones in a byte.
    case binary
    /// Real numbers in float32: tables.
    case real

    var dtype: DType { self == .real ? .float32 : .uint8 }
}

/// Examples that can be fetched by number.
///
/// A source may hold its examples in memory, read them from a folder, or draw them. It is asked from several
/// threads.
public protocol DataSource: Sendable {
    /// What messages call the set.
    var name: String { get }
    /// `[channels, height, width]` for images, `[values]` for rows of a table.
    var exampleShape: [Int] { get }
    /// What the elements are.
    var elementKind: ElementKind { get }
    /// How many examples.
    var count: Int { get }
    /// The class of each example, where the set has classes.
    var labels: [Int]? { get }

    /// The names of the columns that an example of a table has values of; `nil` where they have none.
    var columnNames: [String]? { get }

    /// The index of an example in the set that it comes from, which keys its noise.
    func index(of place: Int) -> Int

    /// Hashes of the examples at the places, each with its class.
    ///
    /// - Throws: Errors of reading.
    func hashes(at places: [Int]) throws -> [UInt64]

    /// The examples at the places, in that order.
    ///
    /// Shapes: `[indices.count] + exampleShape`; uint8 for bytes and binary, float32 for real.
    ///
    /// - Throws: `DatasetsError` or `FormatError` when an example cannot be read.
    func examples(at indices: [Int]) throws -> Tensor
}

extension DataSource {
    /// The index of an example in the set that it comes from, which keys its noise.
    public func index(of place: Int) -> Int { place }

    /// None: most sets are no tables.
    public var columnNames: [String]? { nil }

    /// The bytes of one example.
    var exampleBytes: Int { exampleShape.reduce(elementKind.dtype.byteWidth, *) }
}
