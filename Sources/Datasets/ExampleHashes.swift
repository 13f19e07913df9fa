import Formats
import Foundation
import Tensors

extension DataSource {
    /// A hash of each example and its class, by which it is found again when the set has changed.
    ///
    /// - Returns: One number for each example, in order.
    /// - Throws: Errors of reading.
    public func exampleHashes() throws -> [UInt64] {
        let step = max(1, (1 << 24) / max(1, exampleBytes))
        return try stride(from: 0, to: count, by: step).flatMap { start in
            try hashes(at: Array(start..<min(start + step, count)))
        }
    }

    /// Hashes of the elements as they are stored.
    public func hashes(at places: [Int]) throws -> [UInt64] {
        let width = exampleBytes
        let labels = labels
        return try examples(at: places).contiguous().withBytes { bytes in
            places.enumerated().map { offset, place in
                exampleHash(of: bytes[offset * width..<(offset + 1) * width], class: labels?[place])
            }
        }
    }
}

/// A hash of bytes and a class.
func exampleHash(of bytes: Slice<UnsafeRawBufferPointer>, class label: Int?) -> UInt64 {
    SHA256.prefix(of: UnsafeRawBufferPointer(rebasing: bytes))
        ^ (UInt64(bitPattern: Int64(label ?? -1)) &* 0x9E37_79B9_7F4A_7C15)
}
