import Foundation

/// The JSON header of a safetensors file.
struct SafetensorsHeader {
    struct Tensor {
        let name: String
        let scalarType: ScalarType
        let shape: [Int]
        let begin: Int
        let end: Int
    }

    private(set) var metadata: [String: String] = [:]
    private var tensors: [Tensor] = []

    init(parsing data: Data) throws {
        let bytes = [UInt8](data)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw FormatError.headerNotUTF8 }
        var scanner = JSONScanner(bytes: bytes)
        // The format lets nothing, not even a space, stand before the brace.
        guard scanner.next(is: "{") else { throw scanner.failure("'{'") }
        try scanner.object { scanner, name in
            if name == "__metadata__" {
                try readMetadata(&scanner)
            } else {
                tensors.append(try Self.tensor(&scanner, name))
            }
        }
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw scanner.failure("only spaces after the header's object") }
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner) throws {
        try scanner.object { scanner, key in
            scanner.skipSpace()
            guard scanner.next(is: "\"") else { throw FormatError.metadataNotString(key: key) }
            metadata[key] = try scanner.string()
        }
    }

    private static func tensor(_ scanner: inout JSONScanner, _ name: String) throws -> Tensor {
        var typeName: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype": typeName = try scanner.string()
            case "shape": shape = try scanner.integers()
            case "data_offsets": offsets = try scanner.integers()
            default: throw scanner.failure("\"dtype\", \"shape\" or \"data_offsets\" before it")
            }
        }
        guard let typeName, let shape, let offsets, offsets.count == 2 else {
            throw scanner.failure("\"dtype\", \"shape\" and two \"data_offsets\" before it")
        }
        guard let type = ScalarType(safetensorsName: typeName) else {
            throw FormatError.unknownScalarType(tensor: name, name: typeName)
        }
        return Tensor(name: name, scalarType: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    /// The tensors in the order of their bytes, once they are known to fill `available` bytes exactly.
    func checked(available: Int) throws -> [Tensor] {
        // Tensors without elements share their begin with the next one; they go before it.
        let ordered = tensors.enumerated().sorted {
            ($0.element.begin, $0.element.end, $0.offset) < ($1.element.begin, $1.element.end, $1.offset)
        }.map(\.element)
        var previousEnd = 0
        for tensor in ordered {
            guard tensor.begin <= tensor.end else {
                throw FormatError.offsetsReversed(tensor: tensor.name, begin: tensor.begin, end: tensor.end)
            }
            guard tensor.end <= available else {
                throw FormatError.offsetsOutOfRange(
                    tensor: tensor.name, end: tensor.end, available: available)
            }
            guard tensor.begin >= previousEnd else {
                throw FormatError.overlap(tensor: tensor.name, begin: tensor.begin, previousEnd: previousEnd)
            }
            guard tensor.begin == previousEnd else {
                throw FormatError.gap(tensor: tensor.name, begin: tensor.begin, previousEnd: previousEnd)
            }
            guard let needed = byteCount(shape: tensor.shape, width: tensor.scalarType.byteWidth) else {
                throw FormatError.shapeOverflow(tensor: tensor.name, shape: tensor.shape)
            }
            guard needed == tensor.end - tensor.begin else {
                throw FormatError.sizeMismatch(
                    tensor: tensor.name, expected: needed, found: tensor.end - tensor.begin)
            }
            previousEnd = tensor.end
        }
        guard previousEnd == available else {
            throw FormatError.trailingBytes(.safetensors, count: available - previousEnd)
        }
        return ordered
    }
}
