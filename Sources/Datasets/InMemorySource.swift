import Tensors

/// Examples held in one tensor.
public struct InMemorySource: DataSource {
    /// What messages call the set.
    public let name: String
    /// What the elements are.
    public let elementKind: ElementKind
    /// The class of each example.
    public let labels: [Int]?
    /// The names of the columns of a table.
    public let columnNames: [String]?
    /// The column of a table that gives the classes.
    public let classColumn: String?
    /// The names of classes, where a file holds them.
    let classNames: [String]?
    private let tensor: Tensor
    /// What the examples were read from; its hashes do not depend on whether they fit into memory.
    private let origin: (any DataSource)?

    /// A source over `[count, ...]`.
    ///
    /// - Precondition: uint8 for bytes and binary, float32 for real; as many labels as examples.
    public init(
        name: String, examples: Tensor, elementKind: ElementKind, labels: [Int]? = nil,
        columnNames: [String]? = nil
    ) {
        self.init(
            name: name, examples: examples, elementKind: elementKind, labels: labels,
            columnNames: columnNames, classColumn: nil, classNames: nil)
    }

    init(
        name: String, examples: Tensor, elementKind: ElementKind, labels: [Int]?, columnNames: [String]?,
        classColumn: String?, classNames: [String]?
    ) {
        precondition(examples.dtype == elementKind.dtype, "\(elementKind) from \(examples.dtype)")
        precondition(labels.map { $0.count == examples.size(along: 0) } ?? true, "one label for each example")
        self.name = name
        self.elementKind = elementKind
        self.labels = labels
        self.columnNames = columnNames
        self.classColumn = classColumn
        self.classNames = classNames
        tensor = examples.contiguous()
        origin = nil
    }

    /// A source that reads or draws all examples of another one now.
    ///
    /// - Throws: What the other one throws.
    public init(copying other: any DataSource) throws {
        name = other.name
        elementKind = other.elementKind
        labels = other.labels
        columnNames = other.columnNames
        classColumn = nil
        classNames = nil
        tensor = try other.examples(at: Array(0..<other.count)).contiguous()
        origin = other
    }

    /// Those of what was copied, or of the elements.
    public func hashes(at places: [Int]) throws -> [UInt64] {
        if let origin { return try origin.hashes(at: places) }
        let width = exampleBytes
        return tensor.withBytes { bytes in
            places.map { exampleHash(of: bytes[$0 * width..<($0 + 1) * width], class: labels?[$0]) }
        }
    }

    /// The shape of an example.
    public var exampleShape: [Int] { Array(tensor.shape.dropFirst()) }
    /// How many examples.
    public var count: Int { tensor.size(along: 0) }

    /// The examples at the places.
    public func examples(at indices: [Int]) -> Tensor {
        // Copied here and not by LibTorch, which would give the reading thread a pool of threads of its own.
        let width = exampleBytes
        let rows = [UInt8](unsafeUninitializedCapacity: indices.count * width) { rows, initialized in
            tensor.withBytes { bytes in
                for (place, index) in indices.enumerated() {
                    UnsafeMutableRawBufferPointer(rows)[(place * width)..<((place + 1) * width)]
                        .copyBytes(from: bytes[(index * width)..<((index + 1) * width)])
                }
            }
            initialized = indices.count * width
        }
        return rows.withUnsafeBytes {
            Tensor(bytes: $0, shape: [indices.count] + exampleShape, dtype: elementKind.dtype)
        }
    }

    /// The places of examples whose elements are all the same.
    func constantExamples() -> [Int] {
        let width = exampleBytes
        guard width > elementKind.dtype.byteWidth, elementKind != .real else { return [] }
        return tensor.withBytes { bytes in
            (0..<count).filter { index in
                let example = bytes[(index * width)..<((index + 1) * width)]
                return example.allSatisfy { $0 == example[example.startIndex] }
            }
        }
    }

    /// Whether every example is the same as the first.
    var isConstant: Bool {
        let width = exampleBytes
        return tensor.withBytes { bytes in
            (1..<max(count, 1)).allSatisfy { index in
                bytes[(index * width)..<((index + 1) * width)].elementsEqual(bytes[0..<width])
            }
        }
    }
}
