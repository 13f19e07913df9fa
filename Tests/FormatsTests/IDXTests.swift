import Formats
import Foundation
import TestSupport
import Testing

@Suite struct IDXTests {
    static let arrays: [RawArray] = [
        RawArray(shape: [2, 3], values: [0, 1, 2, 253, 254, 255] as [UInt8]),
        RawArray(shape: [3], values: [-128, 0, 127] as [Int8]),
        RawArray(shape: [1, 2], values: [-2, 513] as [Int16]),
        RawArray(shape: [2], values: [-1, 1 << 30] as [Int32]),
        RawArray(shape: [2, 1], values: [1.5, -0.25] as [Float]),
        RawArray(shape: [2], values: [.pi, -1e300] as [Double]),
        RawArray(shape: [0, 5], values: [] as [UInt8]),
        RawArray(shape: [], values: [9] as [UInt8]),
    ]

    @Test(arguments: arrays)
    func decodeInvertsEncode(array: RawArray) throws {
        #expect(try IDX.decode(IDX.encode(array)) == array)
        #expect(try IDX.decode(Gzip.deflate(IDX.encode(array))) == array)
    }

    @Test func literalBytesDecode() throws {
        let array = try IDX.decode(Data([0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x01, 0x02, 0xFF, 0xFE]))
        #expect(array == RawArray(shape: [1, 2], values: [258, -2] as [Int16]))
    }

    @Test(arguments: [
        (Data(), "it begins with nothing"),
        (Data([0, 0, 8]), "not an IDX file"),
        (Data([0x89, 0x50, 0x4E, 0x47]), "it begins with 0x89504E47"),
        (Data([0, 0, 0x0A, 1]), "not an IDX file"),
        (Data([0, 0, 8, 2, 0, 0, 0, 1]), "12 bytes expected, 8 found"),
        (Data([0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3]), "12 bytes expected, 11 found"),
        (Data([0, 0, 8, 1, 0, 0, 0, 1, 1, 2, 3]), "2 bytes follow the end"),
        (Data([0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)), "is too large"),
        (Data([0, 0, 8, 2, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), "ends too early"),
        (Data([0x1F, 0x8B, 8]), "gzip data is damaged"),
    ])
    func malformedDataIsRefused(data: Data, message: String) throws {
        let error = #expect(throws: FormatError.self) { try IDX.decode(data) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test func errorsNameTheFile() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("digits")
            let missing = #expect(throws: FormatError.self) { try IDX.read(url) }
            #expect(missing == .file(path: url.path, .missing))
            #expect(missing?.category == .noInput)
            try Data("not digits".utf8).write(to: url)
            let wrong = #expect(throws: FormatError.self) { try IDX.read(url) }
            #expect("\(try #require(wrong))".hasPrefix(url.path + ": not an IDX file"))
            let folderError = #expect(throws: FormatError.self) { try IDX.read(folder) }
            #expect(folderError == .file(path: folder.path, .notRegularFile))
        }
    }
}
