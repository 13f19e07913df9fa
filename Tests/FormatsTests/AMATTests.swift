import Formats
import Foundation
import Testing

@Suite struct AMATTests {
    @Test(arguments: ["0 1\n255 7\n", "0\t1 \r\n\n  255  7", "0.0 1e0\n2.55e2 7."])
    func rowsOfNumbersDecode(text: String) throws {
        let data = Data(text.utf8)
        #expect(
            try AMAT.decode(data, as: UInt8.self)
                == RawArray(shape: [2, 2], values: [0, 1, 255, 7] as [UInt8]))
        #expect(
            try AMAT.decode(Gzip.deflate(data), as: Float.self)
                == RawArray(shape: [2, 2], values: [0, 1, 255, 7] as [Float]))
    }

    @Test func fractionsDecode() throws {
        #expect(
            try AMAT.decode(Data("-0.5 .25e1".utf8), as: Float.self).values(as: Float.self) == [-0.5, 2.5])
    }

    @Test(arguments: [
        ("", "it has no numbers"), (" \n\n", "it has no numbers"), ("1 2\n3\n", "row 2 has 1 fields"),
        ("1 2\n\n3 x\n", "row 3, column 2: \"x\" is not a number"),
        ("1 256\n", "\"256\" is not a number that fits"),
        ("0.5\n", "\"0.5\" is not a number that fits"), ("-1", "\"-1\""), ("1 \u{1}2", "column 2"),
        ("nan", "\"nan\""),
        ("1,2", "\"1,2\""),
    ])
    func malformedTextIsRefused(text: String, message: String) throws {
        let error = #expect(throws: FormatError.self) { try AMAT.decode(Data(text.utf8), as: UInt8.self) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test func numbersTooLargeForFloatAreRefused() {
        #expect(throws: FormatError.self) { try AMAT.decode(Data("1e39".utf8), as: Float.self) }
    }
}
