import CMachine
import Foundation

/// How large a file may be that is held in memory as a whole.
///
/// What counts is the memory that its content takes, which of a table of text is a multiple of its bytes.
package enum MemoryLimit {
    /// A quarter of this machine's memory, or what is left where that is less; 4 GiB where the system does not say.
    package static var bytes: Int {
        let (all, left) = (Int(cm_memory()), Int(cm_available_memory()))
        return all == 0 ? 1 << 32 : min(all / 4, left)
    }

    /// The text of a table, decompressed where it is gzip, once it is known that the table fits.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - format: What it is, for the error.
    ///   - fieldBytes: How much a field takes beside its text.
    ///   - limit: The most bytes that text and fields may take.
    /// - Returns: The text.
    /// - Throws: `FormatError.overMemory` as soon as there is more, before the rest is decompressed; errors of gzip.
    package static func text(
        of data: Data, _ format: FileFormat, fieldBytes: Int, limit: Int = bytes
    ) throws -> Data {
        var held = 0
        func count(_ text: UnsafeRawBufferPointer, isCopied: Bool) throws {
            held += fields(in: text) * fieldBytes + (isCopied ? text.count : 0)
            guard held <= limit else { throw FormatError.overMemory(format, limit: limit) }
        }
        if Gzip.isCompressed(data) { return try Gzip.inflate(data) { try count($0, isCopied: true) } }
        try data.withUnsafeBytes { text in
            for start in stride(from: 0, to: text.count, by: 1 << 20) {
                try count(
                    UnsafeRawBufferPointer(rebasing: text[start..<min(start + (1 << 20), text.count)]),
                    isCopied: false)
            }
        }
        return data
    }

    /// How many fields end in a text, whatever parts them.
    private static func fields(in text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in text {
            let isEnd =
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ")
                || byte == 0x09 || byte == 0x0A
            count &+= isEnd ? 1 : 0
        }
        return count
    }
}
