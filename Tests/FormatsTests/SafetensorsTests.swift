import Formats
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    static let arrays: [String: RawArray] = [
        "layer.weight": RawArray(shape: [2, 3], values: [1, 2, 3, 4, 5, -6] as [Float]),
        "layer.bias": RawArray(shape: [2], values: [0.5, -0.5] as [Float]),
        "step": RawArray(shape: [], values: [12] as [Int64]),
        "mask": RawArray(shape: [3], scalarType: .bool, data: Data([1, 0, 1])),
        "half": RawArray(shape: [1, 1], scalarType: .bf16, data: Data([0x80, 0x3F])),
        "nothing": RawArray(shape: [0, 4], values: [] as [Double]),
        "schrödinger \"q\"\\\n": RawArray(shape: [1], values: [7] as [UInt8]),
    ]

    /// A file with this header and so many bytes of tensors.
    static func file(_ header: String, bytes: Int = 0) -> Data {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
            + Data(0..<UInt8(bytes))
    }

    @Test func readInvertsWrite() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let metadata = ["kind": "test", "unicode": "é\u{1}\"\\😀"]
            try Safetensors.write(Self.arrays, metadata: metadata, to: url)
            let file = try Safetensors.read(url)
            #expect(file.metadata == metadata)
            #expect(Set(file.names) == Set(Self.arrays.keys))
            for (name, array) in Self.arrays { #expect(file[name] == array) }
            #expect(file["absent"] == nil)
            #expect(throws: FormatError.noTensor(name: "absent")) { try file.tensor(named: "absent") }
        }
    }

    @Test func writingIsDeterministicAndLiteral() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let arrays = [
                "b": RawArray(shape: [1], values: [258] as [Int16]),
                "c": RawArray(shape: [2], values: [5, 6] as [UInt8]),
                "a": RawArray(shape: [], values: [1] as [Int16]),
            ]
            try Safetensors.write(arrays, metadata: ["z": "2", "k": "1"], to: url)
            let header =
                #"{"__metadata__":{"k":"1","z":"2"},"a":{"dtype":"I16","shape":[],"data_offsets":[0,2]},"#
                + #""b":{"dtype":"I16","shape":[1],"data_offsets":[2,4]},"#
                + #""c":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}"#
            let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
            var expected = Self.file(padded)
            expected.append(contentsOf: [1, 0, 2, 1, 5, 6])
            #expect(try Data(contentsOf: url) == expected)
        }
    }

    @Test func streamingAsksForEachTensorOnceInFileOrder() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let entries = Self.arrays.map {
                Safetensors.Entry(name: $0, scalarType: $1.scalarType, shape: $1.shape)
            }
            var asked: [String] = []
            try Safetensors.write(entries, to: url) { entry in
                asked.append(entry.name)
                return try #require(Self.arrays[entry.name]).data
            }
            #expect(try asked == Safetensors.read(url).names)
            #expect(asked.first == "nothing")  // The widest type.
        }
    }

    @Test func checksumCoversEveryByte() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            try Safetensors.write(Self.arrays, metadata: ["a": "b"], checksumKey: "sha256", to: url)
            let file = try Safetensors.read(url)
            try file.verifyChecksum(key: "sha256")
            // As any program computes it: of the file with zeros in the checksum's place.
            let sum = try #require(file.metadata["sha256"])
            let text = try Data(contentsOf: url)
            let place = try #require(text.range(of: Data(sum.utf8)))
            var blank = text
            blank.replaceSubrange(place, with: Data(String(repeating: "0", count: 64).utf8))
            #expect(SHA256.hexDigest(of: blank) == sum)
            #expect(file.metadata["a"] == "b")
            #expect(throws: FormatError.checksumMissing(key: "md5")) { try file.verifyChecksum(key: "md5") }
            for index in text.indices {
                var damaged = text
                damaged[index] ^= 1 << (index % 8)
                #expect(throws: (any Error).self, "byte \(index)") {
                    try SafetensorsFile(damaged).verifyChecksum(key: "sha256")
                }
            }
        }
    }

    @Test func literalBytesDecode() throws {
        let file = try SafetensorsFile(
            Self.file(
                "{ \"b\" : {\"shape\":[2],\"data_offsets\":[2,4],\"dtype\":\"U8\"},\n"
                    + "\"\\u0061\\ud83d\\ude00\":{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":[0,2]} }  ",
                bytes: 4))
        #expect(file.names == ["a😀", "b"])
        #expect(file["a😀"]?.values(as: Int16.self) == [256])
        #expect(file["b"]?.values(as: UInt8.self) == [2, 3])
    }

    @Test func emptyFilesAndEmptyTensorsAreFine() throws {
        #expect(try SafetensorsFile(Self.file("{}")).names == [])
        let names = try SafetensorsFile(
            Self.file(
                #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
                    + #""a":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},"#
                    + #""c":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, bytes: 1)
        ).names
        #expect(names == ["c", "b", "a"])
    }

    @Test func everyTruncationIsRefused() throws {
        let whole = Self.file(#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, bytes: 3)
        #expect(try SafetensorsFile(whole).names == ["a"])
        for length in 0..<whole.count {
            #expect(throws: FormatError.self) { try SafetensorsFile(whole.prefix(length)) }
        }
    }
}
