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
        let lengthBytes = withUnsafeBytes(of: length.littleEndian) { $0.prefix(version == 1 ? 2 : 4) }
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
        (file("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}"), "numpy.ascontiguousarray"),
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
}
