import Foundation

/// The formats that this target reads and writes, by the name that messages use.
public enum FileFormat: String, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
    case gzip = "gzip"
    case idx = "IDX"
    case npy = "NPY"
    case npz = "NPZ"
    case csv = "CSV"
    case amat = "AMAT"
    case cifar = "CIFAR binary"
    case safetensors = "safetensors"
    case bif = "BIF"
}

/// What can go wrong between bytes and values.
///
/// `description` is one line: what, where, expected, found, and what to do. Every reader that was given a file
/// wraps its error in `.file`, so the line begins with the path.
public indirect enum FormatError: Error, Equatable {
    /// An error and the file that it concerns.
    case file(path: String, FormatError)

    // The file system.
    /// There is no such file.
    case missing
    /// The path names a folder, pipe or device.
    case notRegularFile
    /// Opening or reading failed with this `errno`.
    case unreadable(code: Int32)
    /// Creating, writing or renaming failed with this `errno`.
    case unwritable(code: Int32)

    // Any format.
    /// The first bytes are not those of the format.
    case wrongMagic(FileFormat, expected: String, found: [UInt8])
    /// The data ends before the header says so; counts are of bytes.
    case truncated(FileFormat, needed: Int, found: Int)
    /// Bytes follow where the data should end.
    case trailingBytes(FileFormat, count: Int)
    /// The data contradicts the format or itself.
    case corrupt(FileFormat, reason: String)
    /// A valid file with something that we do not read.
    case unsupported(FileFormat, what: String, remedy: String)
    /// The data claims to be larger than a reader allows.
    case overLimit(FileFormat, what: String, found: Int, limit: Int)
    /// The data would take more memory than a file may that is held whole.
    case overMemory(FileFormat, limit: Int)
    /// Neither PNG nor JPEG.
    case notAnImage(found: [UInt8])

    // Text tables; rows are line numbers and columns fields, both counted from 1.
    /// A row has another number of fields than those before it.
    case raggedRow(FileFormat, row: Int, expected: Int, found: Int)
    /// A field is not a number, or not one that the wanted type holds.
    case notANumber(FileFormat, row: Int, column: Int, text: String)
    /// A line of a text that is not a table of rows says something that it may not.
    case malformedLine(FileFormat, line: Int, reason: String)
    /// No column of numbers has this name.
    case unknownColumn(name: String, known: [String])
    /// All columns are text.
    case noNumbers(columns: [String])

    // Safetensors.
    /// The header claims more than `Safetensors.headerLimit`.
    case headerOverLimit(length: UInt64, limit: Int)
    /// The header claims more bytes than follow.
    case headerPastEnd(length: UInt64, available: Int)
    /// The header is not text.
    case headerNotUTF8
    /// The header is not the JSON that the format allows; the offset is within the header.
    case headerMalformed(offset: Int, expected: String)
    /// A tensor, a metadata key or a member occurs twice.
    case duplicateName(String)
    /// A metadata value is something other than a string.
    case metadataNotString(key: String)
    /// A tensor has a type that is not a `ScalarType`.
    case unknownScalarType(tensor: String, name: String)
    /// A tensor's size exceeds what 63 bits can count.
    case shapeOverflow(tensor: String, shape: [Int])
    /// A tensor ends before it begins.
    case offsetsReversed(tensor: String, begin: Int, end: Int)
    /// A tensor ends after the file does.
    case offsetsOutOfRange(tensor: String, end: Int, available: Int)
    /// The offsets of a tensor do not fit its shape and type.
    case sizeMismatch(tensor: String, expected: Int, found: Int)
    /// A tensor begins inside another.
    case overlap(tensor: String, begin: Int, previousEnd: Int)
    /// Bytes between two tensors belong to neither.
    case gap(tensor: String, begin: Int, previousEnd: Int)
    /// No tensor has this name.
    case noTensor(name: String)
    /// The metadata has no checksum under this key.
    case checksumMissing(key: String)
    /// The tensor bytes are not those that were written.
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
