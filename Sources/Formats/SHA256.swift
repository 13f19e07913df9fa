import CCrypto
import Foundation

/// The SHA-256 checksum, through libcrypto.
public final class SHA256 {
    private let context: OpaquePointer

    /// Begins a checksum of no bytes.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("libcrypto offers no SHA-256.")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Appends bytes to those already seen.
    public func update(_ data: Data) {
        let status = data.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(status == 1, "SHA256 updated after its digest was taken.")
    }

    /// The checksum of all bytes seen, as 64 lower-case hexadecimal digits; nothing may be added after it.
    public func finalize() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let status = EVP_DigestFinal_ex(context, &digest, nil)
        precondition(status == 1, "The digest of a SHA256 was taken twice.")
        return digest.map { String(format: "%02x", $0) }.joined()
    }

    /// The checksum of bytes in memory.
    public static func hexDigest(of data: Data) -> String {
        let hash = SHA256()
        hash.update(data)
        return hash.finalize()
    }

    /// The first eight bytes of the checksum, as a number by which pieces of data can be told apart.
    public static func prefix(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        var digest = [UInt8](repeating: 0, count: 32)
        let status = EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil)
        precondition(status == 1, "libcrypto offers no SHA-256.")
        return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The checksum of a file, read piece by piece.
    ///
    /// - Throws: `FormatError.file` where the file cannot be read.
    public static func hexDigest(ofFileAt url: URL) throws -> String {
        try InputFile.named(url) {
            try InputFile.checkIsRegular(url)
            let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FormatError.unreadable(code: errno) }
            defer { close(descriptor) }
            let hash = SHA256()
            var buffer = Data(count: 1 << 20)
            while true {
                let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw FormatError.unreadable(code: errno) }
                if count == 0 { return hash.finalize() }
                hash.update(buffer.prefix(count))
            }
        }
    }
}
