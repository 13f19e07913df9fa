import Formats
import Foundation
import Testing

@Suite struct GzipTests {
    static let text = Data((0..<5000).flatMap { "line \($0)\n".utf8 })

    @Test(arguments: [Data(), Data([7]), text, Data(count: 3 << 20)])
    func inflateInvertsDeflate(content: Data) throws {
        #expect(try Gzip.inflate(Gzip.deflate(content)) == content)
    }

    @Test func deflateIsDeterministic() {
        #expect(Gzip.deflate(Self.text) == Gzip.deflate(Self.text))
    }

    @Test func membersAreJoinedAndZeroPaddingIsPassedOver() throws {
        let members = Gzip.deflate(Data("one ".utf8)) + Gzip.deflate(Data("two".utf8)) + Data(count: 10)
        #expect(try Gzip.inflate(members) == Data("one two".utf8))
    }

    @Test func dataThatIsNotCompressedPassesThrough() throws {
        #expect(try Gzip.inflateIfCompressed(Self.text) == Self.text)
        #expect(try Gzip.inflateIfCompressed(Gzip.deflate(Self.text)) == Self.text)
    }

    @Test func resultsOverTheLimitAreRefused() throws {
        let bomb = Gzip.deflate(Data(count: 3 << 20))
        #expect(try Gzip.inflate(bomb, limit: 3 << 20).count == 3 << 20)
        #expect(throws: FormatError.self) { try Gzip.inflate(bomb, limit: 3 << 20 - 1) }
    }

    @Test func aReaderThatHasEnoughEndsIt() throws {
        let bomb = Gzip.deflate(Data(count: 64 << 20))
        var seen = 0
        #expect(throws: FormatError.missing) {
            try Gzip.inflate(bomb) { part in
                seen += part.count
                if seen > 3 << 20 { throw FormatError.missing }
            }
        }
        #expect(seen <= 5 << 20)
    }

    @Test func everyTruncationIsRefused() {
        let whole = Gzip.deflate(Self.text.prefix(200))
        for length in 0..<whole.count {
            #expect(throws: FormatError.self) { try Gzip.inflate(whole.prefix(length)) }
        }
    }

    @Test func everyFlippedContentByteIsRefused() {
        let whole = Gzip.deflate(Self.text.prefix(200))
        // The ten bytes of the header hold a time stamp and other things that no checksum covers. The highest
        // bits of the last compressed byte are padding; the lowest bit never is.
        for index in 10..<whole.count {
            var damaged = whole
            damaged[index] ^= 0x01
            #expect(throws: FormatError.self) { try Gzip.inflate(damaged) }
        }
    }

    @Test func bytesAfterTheEndAreRefused() {
        let whole = Gzip.deflate(Self.text)
        #expect(throws: FormatError.trailingBytes(.gzip, count: 2)) {
            try Gzip.inflate(whole + Data([1, 2]))
        }
    }
}
