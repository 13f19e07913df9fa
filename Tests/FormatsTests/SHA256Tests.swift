import Formats
import Foundation
import TestSupport
import Testing

@Suite struct SHA256Tests {
    /// The examples of FIPS 180-4, and the digest of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digestsAreThoseOfTheStandard(text: String, digest: String) {
        #expect(SHA256.hexDigest(of: Data(text.utf8)) == digest)
    }

    @Test func filesAndPiecesGiveTheDigestOfTheWhole() throws {
        let content = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 * 31) })
        let digest = SHA256.hexDigest(of: content)
        let hash = SHA256()
        hash.update(content.prefix(1000))
        hash.update(content.dropFirst(1000))
        #expect(hash.finalize() == digest)
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a")
            try AtomicFile.write(content, to: url)
            #expect(try SHA256.hexDigest(ofFileAt: url) == digest)
            #expect(throws: FormatError.file(path: folder.path, .notRegularFile)) {
                try SHA256.hexDigest(ofFileAt: folder)
            }
        }
    }
}
