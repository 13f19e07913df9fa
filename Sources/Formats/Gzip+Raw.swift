import CZlib
import Foundation

extension Gzip {
    /// Decompresses a deflate stream without a container, as ZIP files hold them.
    ///
    /// - Parameters:
    ///   - data: the stream.
    ///   - size: how many bytes it holds.
    /// - Returns: the content.
    /// - Throws: `FormatError` where it is damaged or holds another number of bytes.
    static func inflateRaw(_ data: Data, size: Int) throws -> Data {
        let damaged = FormatError.corrupt(
            .npz, reason: "a compressed member does not unpack to its stated size")
        // Deflate cannot expand more than 1032-fold; zlib counts in 32 bits.
        guard size <= (data.count + 1) * 1032, size < 1 << 32, data.count < 1 << 32 else { throw damaged }
        guard size <= defaultLimit else {
            throw FormatError.overLimit(.npz, what: "bytes", found: size, limit: defaultLimit)
        }
        guard size > 0 else { return Data() }
        var stream = z_stream()
        // Negative bits of window ask for no container.
        let status = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw damaged }
        defer { inflateEnd(&stream) }
        var output = Data(count: size)
        let end = data.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                stream.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(output.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard end == Z_STREAM_END, stream.avail_out == 0 else { throw damaged }
        return output
    }

    /// The checksum that ZIP files hold of their members.
    static func checksum(of data: Data) -> Int {
        var sum = crc32(0, nil, 0)
        let step = 1 << 30
        data.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: step) {
                let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + step, bytes.count)])
                sum = crc32(sum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(part.count))
            }
        }
        return Int(sum)
    }
}
