import CZlib
import Foundation

/// The gzip container, through zlib.
public enum Gzip {
    /// The most bytes that `inflate` yields unless told otherwise: 4 GiB, or a quarter of this machine's memory.
    public static var defaultLimit: Int { min(1 << 32, MemoryLimit.bytes) }

    /// Whether the bytes begin as gzip data does.
    public static func isCompressed(_ data: Data) -> Bool { data.starts(with: [0x1F, 0x8B]) }

    /// Decompresses a whole gzip file; members that follow one another are joined, as `gunzip` does.
    ///
    /// - Parameters:
    ///   - data: the whole file.
    ///   - limit: the most bytes that the result may have.
    ///   - didInflate: is given each part of the result before the next is made, and may throw.
    /// - Returns: the content.
    /// - Throws: `FormatError` where the data is not gzip, ends early, fails its checksum, or exceeds `limit`; what
    ///   `didInflate` throws.
    public static func inflate(
        _ data: Data, limit: Int = defaultLimit,
        didInflate: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> Data {
        guard isCompressed(data) else {
            throw FormatError.wrongMagic(.gzip, expected: "0x1F8B", found: data.start(2))
        }
        var stream = z_stream()
        // 15 bits of window; 16 more ask for the gzip container.
        let status = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw failure(status, stream) }
        defer { inflateEnd(&stream) }
        return try data.withUnsafeBytes { input in
            try inflate(input, into: &stream, limit: limit, didInflate)
        }
    }

    /// Decompresses if the bytes begin as gzip data does; otherwise returns them as they are.
    ///
    /// - Throws: as `inflate(_:limit:)`.
    public static func inflateIfCompressed(_ data: Data, limit: Int = defaultLimit) throws -> Data {
        isCompressed(data) ? try inflate(data, limit: limit) : data
    }

    /// Compresses bytes into one gzip member; the same bytes and level always give the same result.
    ///
    /// - Parameters:
    ///   - data: the content.
    ///   - level: 0 (stored) to 9 (smallest).
    /// - Returns: a whole gzip file.
    public static func deflate(_ data: Data, level: Int = 6) -> Data {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, Int32(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib refused compression level \(level).")
        defer { deflateEnd(&stream) }
        return data.withUnsafeBytes { input in
            deflate(input, into: &stream)
        }
    }

    /// zlib counts in 32 bits: longer buffers are given in pieces of this size.
    private static let chunk = 1 << 20

    private static func inflate(
        _ input: UnsafeRawBufferPointer, into stream: inout z_stream, limit: Int,
        _ didInflate: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Data {
        var output = Data()
        // The last four bytes state the size (of the last member, modulo 2^32): a hint that saves copying as
        // the result grows. Deflate cannot expand more than 1032-fold, so a lie cannot ask for more than that.
        if input.count >= 18 {
            let stated = Int(input.loadUnaligned(fromByteOffset: input.count - 4, as: UInt32.self))
            output.reserveCapacity(min(stated, limit, input.count * 1032))
        }
        var buffer = [UInt8](repeating: 0, count: chunk)
        var consumed = 0
        var status = Z_OK
        while consumed < input.count {
            let offered = min(chunk, input.count - consumed)
            stream.next_in = UnsafeMutablePointer(mutating: input.bytes(from: consumed))
            stream.avail_in = UInt32(offered)
            repeat {
                let produced = buffer.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(chunk)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return chunk - Int(stream.avail_out)
                }
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                    throw failure(status, stream)
                }
                guard output.count + produced <= limit else {
                    throw FormatError.overLimit(
                        .gzip, what: "bytes", found: output.count + produced, limit: limit)
                }
                try buffer.withUnsafeBytes {
                    try didInflate(UnsafeRawBufferPointer(rebasing: $0[..<produced]))
                }
                output.append(contentsOf: buffer[..<produced])
            } while status == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)
            consumed += offered - Int(stream.avail_in)
            guard status == Z_STREAM_END, consumed < input.count else { continue }
            guard input[consumed] == 0x1F else {
                // Zeros may pad the file to whole blocks, as tapes do; anything else is not ours.
                if input[consumed...].allSatisfy({ $0 == 0 }) { return output }
                throw FormatError.trailingBytes(.gzip, count: input.count - consumed)
            }
            inflateReset(&stream)
            status = Z_OK
        }
        guard status == Z_STREAM_END else {
            throw FormatError.corrupt(.gzip, reason: "it ends before the end of the compressed stream")
        }
        return output
    }

    private static func deflate(_ input: UnsafeRawBufferPointer, into stream: inout z_stream) -> Data {
        var output = Data()
        var buffer = [UInt8](repeating: 0, count: chunk)
        var consumed = 0
        var status = Z_OK
        repeat {
            let offered = min(chunk, input.count - consumed)
            stream.next_in = UnsafeMutablePointer(mutating: input.bytes(from: consumed))
            stream.avail_in = UInt32(offered)
            let produced = buffer.withUnsafeMutableBufferPointer { buffer in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(chunk)
                status = CZlib.deflate(&stream, consumed + offered == input.count ? Z_FINISH : Z_NO_FLUSH)
                return chunk - Int(stream.avail_out)
            }
            consumed += offered - Int(stream.avail_in)
            output.append(contentsOf: buffer[..<produced])
        } while status != Z_STREAM_END
        return output
    }

    private static func failure(_ status: Int32, _ stream: z_stream) -> FormatError {
        .corrupt(.gzip, reason: stream.msg.map { String(cString: $0) } ?? "zlib status \(status)")
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bytes(from offset: Int) -> UnsafePointer<UInt8>? {
        baseAddress.map { ($0 + offset).assumingMemoryBound(to: UInt8.self) }
    }
}
