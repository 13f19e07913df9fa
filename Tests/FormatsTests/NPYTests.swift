import Formats
import Foundation
import Testing

@Suite struct NPYTests {
    @Test(arguments: IDXTests.arrays + [RawArray(shape: [2], values: [.min, 3] as [Int64])])
    func decodeInvertsEncode(array: RawArray) throws {
        let data = NPY.encode(array)
        #expect(try NPY.decode(data) == array)
        #expect((data.count - array.data.count) % 64 == 0)
    }

    @Test func literalBytesAreWrittenAsNumPyDoes() {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2,), }"
        let padding = String(repeating: " ", count: 118 - header.count - 1) + "\n"
        let expected =
            Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data((header + padding).utf8)
        let array = RawArray(shape: [1, 2], values: [1, -2] as [Float])
        #expect(NPY.encode(array) == expected + Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]))
    }

    /// A file of the given version with this header and these bytes.
    static func file(_ header: String, version: UInt8 = 1, bytes: [UInt8] = []) -> Data {
        let length = UInt32(header.utf8.count)
        let lengthBytes = withUnsafeBytes(of: length.littleEndian) { Array($0.prefix(version == 1 ? 2 : 4)) }
        return Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0] + lengthBytes) + Data(header.utf8)
            + Data(bytes)
    }

    @Test(arguments: [
        file("{'descr': '>i2', 'fortran_order': False, 'shape': (2,)}", bytes: [1, 2, 0xFF, 0xFE]),
        file("{'shape':(2,),'descr':\"<i2\",'fortran_order':True}\n", version: 2, bytes: [2, 1, 0xFE, 0xFF]),
        file(
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2L,), }", version: 3,
            bytes: [2, 1, 0xFE, 0xFF]),
    ])
    func variantsOfTheFormatDecode(data: Data) throws {
        #expect(try NPY.decode(data) == RawArray(shape: [2], values: [258, -2] as [Int16]))
    }

    @Test(arguments: [
        (Data(), "not an NPY file"),
        (Data([0x93]) + Data("NUMPY".utf8), "7 bytes expected, 6 found"),
        (file("", version: 9), "version 9 in an NPY file is not supported"),
        (file("{'descr': '<f4'}").prefix(20), "ends too early"),
        (file("{'descr': '<f4', 'fortran_order': False}"), "one dictionary"),
        (file("{'descr': '<f4', 'descr': '<f4'}"), "once"),
        (file("{'descr': '<f4"), "a closing quote"),
        (file("{'descr': '<f4', 'fortran_order': maybe}"), "True or False"),
        (file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), "a size"),
        (file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"), "a size"),
        (file("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}"), "too large"),
        (file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x"), "one dictionary"),
        (file("{'descr': '<c8', 'fortran_order': False, 'shape': ()}"), "element type \"<c8\""),
        (file("{'descr': '|f4', 'fortran_order': False, 'shape': ()}"), "element type \"|f4\""),
        (file("{'descr': '|O', 'fortran_order': False, 'shape': ()}"), "element type \"|O\""),
        (file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", bytes: [0]), "ends too early"),
        (file("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", bytes: [0, 1]), "1 bytes follow"),
    ])
    func malformedDataIsRefused(data: Data, message: String) throws {
        let error = #expect(throws: FormatError.self) { try NPY.decode(data) }
        #expect("\(try #require(error))".contains(message))
    }

    /// Written by NumPy 2.4: numpy.save of numpy.asfortranarray(numpy.arange(24, dtype="<i2").reshape(2, 3, 4)).
    @Test func fortranOrderIsUndone() throws {
        let data = try #require(
            Data(
                base64Encoded: """
                    k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgNCksIH0g\
                    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAwABAAQAAgAFAABAA0A\
                    BQARAAkAFQACAA4ABgASAAoAFgADAA8ABwATAAsAFwA=
                    """))
        let expected = RawArray(shape: [2, 3, 4], values: (0..<24).map { Int16($0) })
        #expect(try NPY.decode(data) == expected)
        #expect(try NPY.decode(Gzip.deflate(data)) == expected)
    }
}

/// Archives written by NumPy 2.4 of numpy.arange(6, dtype="<i2").reshape(2, 3).
@Suite struct NPZTests {
    /// numpy.savez(f, images=x).
    private static let stored = """
        UEsDBC0AAAAAAAAAIQAaTph+//////////8KABQAaW1hZ2VzLm5weQEAEACMAAAAAAAAAIwAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3In\
        OiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAEAAgADAAQABQBQSwECLQMtAAAAAAAAACEAGk6YfowAAACMAAAACgAAAAAA\
        AAAAAAAAgAEAAAAAaW1hZ2VzLm5weVBLBQYAAAAAAQABADgAAADIAAAAAAA=
        """
    /// numpy.savez_compressed(f, images=x).
    private static let deflated = """
        UEsDBC0AAAAIAAAAIQAaTph+//////////8KABQAaW1hZ2VzLm5weQEAEACMAAAAAAAAAFIAAAAAAAAAm+wX6hsQychQxlCtnpJanFyk\
        bqWgbpNppK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxpo6CrUKZAMuBgZGBiYGZgYWBlYGAFBLAQItAy0AAAAIAAAA\
        IQAaTph+UgAAAIwAAAAKAAAAAAAAAAAAAACAAQAAAABpbWFnZXMubnB5UEsFBgAAAAABAAEAOAAAAI4AAAAAAA==
        """
    /// numpy.savez(f, a=x, b=x).
    private static let two = """
        UEsDBC0AAAAAAAAAIQAaTph+//////////8FABQAYS5ucHkBABAAjAAAAAAAAACMAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxp\
        MicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgICAgICAgICAgICAgICAgICAgICAKAAABAAIAAwAEAAUAUEsDBC0AAAAAAAAAIQAaTph+//////////8FABQAYi5ucHkBABAA\
        jAAAAAAAAACMAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpMicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgy\
        LCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAABAAIAAwAEAAUA\
        UEsBAi0DLQAAAAAAAAAhABpOmH6MAAAAjAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAi0DLQAAAAAAAAAhABpOmH6MAAAAjAAA\
        AAUAAAAAAAAAAAAAAIABwwAAAGIubnB5UEsFBgAAAAACAAIAZgAAAIYBAAAAAA==
        """

    @Test(arguments: [stored, deflated])
    func anArchiveOfOneArrayIsRead(text: String) throws {
        let data = try #require(Data(base64Encoded: text))
        #expect(try NPZ.decode(data) == RawArray(shape: [2, 3], values: [0, 1, 2, 3, 4, 5] as [Int16]))
    }

    @Test func severalArraysAreNamed() throws {
        let data = try #require(Data(base64Encoded: Self.two))
        let error = #expect(throws: FormatError.self) { try NPZ.decode(data) }
        let text = "\(try #require(error))"
        #expect(text.contains("more than one array (\"a.npy\", \"b.npy\")") && text.contains("numpy.save"))
    }

    @Test(
        "Whatever is cut off or changed, reading ends with an error or the array",
        arguments: [stored, deflated])
    func damage(text: String) throws {
        let whole = try #require(Data(base64Encoded: text))
        let array = try NPZ.decode(whole)
        for length in 0..<whole.count {
            #expect(throws: FormatError.self) { try NPZ.decode(whole.prefix(length)) }
        }
        for place in whole.indices {
            for bit in 0..<8 {
                var broken = whole
                broken[place] ^= 1 << bit
                if let found = try? NPZ.decode(broken) { #expect(found == array) }
            }
        }
    }
}
