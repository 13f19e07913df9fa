import Foundation

/// The formats that this target reads and writes, by the name that messages use.
public enum FileFormat: String, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
    case gzip = "gzip"
    case idx = "IDX"
    case npy = "NPY"
    case csv = "CSV"
    case amat = "AMAT"
    case cifar = "CIFAR binary"
    case safetensors = "safetensors"
}

/// What can go wrong between bytes and values.
///
/// `description` is one line: what, where, expected, found, and what to do. Every reader that was given a file
/// wraps its error in `.file`, so the line begins with the path.
public indirect enum FormatError: Error, Equatable {
    /// An error and the file that it concerns.
    case file(path: String, FormatError)

    // The file system.
    case missing
    case notRegularFile
    case unreadable(code: Int32)
    case unwritable(code: Int32)

    // Any format.
    case wrongMagic(FileFormat, expected: String, found: [UInt8])
    case truncated(FileFormat, needed: Int, found: Int)
    case trailingBytes(FileFormat, count: Int)
    case corrupt(FileFormat, reason: String)
    case unsupported(FileFormat, what: String, remedy: String)
    case overLimit(FileFormat, what: String, found: Int, limit: Int)
    case notAnImage(found: [UInt8])

    // Text tables; rows are line numbers and columns fields, both counted from 1.
    case raggedRow(FileFormat, row: Int, expected: Int, found: Int)
    case notANumber(FileFormat, row: Int, column: Int, text: String)
    case unknownColumn(name: String, known: [String])

    // Safetensors.
    case headerOverLimit(length: UInt64, limit: Int)
    case headerPastEnd(length: UInt64, available: Int)
    case headerNotUTF8
    case headerMalformed(offset: Int, expected: String)
    case duplicateName(String)
    case metadataNotString(key: String)
    case unknownScalarType(tensor: String, name: String)
    case shapeOverflow(tensor: String, shape: [Int])
    case offsetsReversed(tensor: String, begin: Int, end: Int)
    case offsetsOutOfRange(tensor: String, end: Int, available: Int)
    case sizeMismatch(tensor: String, expected: Int, found: Int)
    case overlap(tensor: String, begin: Int, previousEnd: Int)
    case gap(tensor: String, begin: Int, previousEnd: Int)
    case noTensor(name: String)
    case checksumMissing(key: String)
    case checksumMismatch(expected: String, found: String)
}

extension FormatError {
    /// The three kinds of failure that a command line gives different exit codes.
    public enum Category: Sendable {
        /// An input that is not there or cannot be opened.
        case noInput
        /// Content that is not what it should be.
        case badData
        /// An output that cannot be created or written.
        case noOutput
    }

    /// The kind of failure, for the choice of an exit code.
    public var category: Category {
        switch self {
        case .file(_, let error): error.category
        case .missing, .notRegularFile, .unreadable: .noInput
        case .unwritable: .noOutput
        default: .badData
        }
    }
}
