import Formats
import Foundation
import Testing

/// One file for each way in which a header can be wrong, and the case that names it.
@Suite struct SafetensorsRefusalTests {
    static func tensor(_ name: String, _ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
    }

    static func refuses(_ data: Data, _ expected: FormatError) {
        #expect(throws: expected) { try SafetensorsFile(data) }
    }

    @Test func lengths() {
        Self.refuses(Data(), .truncated(.safetensors, needed: 8, found: 0))
        Self.refuses(Data(count: 7), .truncated(.safetensors, needed: 8, found: 7))
        Self.refuses(Data(repeating: 0xFF, count: 8), .headerOverLimit(length: .max, limit: 100_000_000))
        Self.refuses(Data([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]), .headerPastEnd(length: 3, available: 2))
    }

    @Test func textThatIsNotUTF8() {
        Self.refuses(Data([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0xFF, 0x7D]), .headerNotUTF8)
    }

    @Test(arguments: [
        "", " {}", "[]", "{", "{}x", "{}{}", "{,}", "{\"a\"}", "{\"a\":1}", "{\"a\":null}", "{'a':{}}",
        "{\"a\":{}}", "{\"a\":{\"dtype\":\"U8\"}}", "{\"a\":{\"dtype\":\"U8\",\"shape\":[]}}",
        "{\"a\":{\"dtype\":8,\"shape\":[],\"data_offsets\":[0,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"x\":1}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]},}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1e0],\"data_offsets\":[0,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[01],\"data_offsets\":[0,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,],\"data_offsets\":[0,1]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775808],\"data_offsets\":[0,1]}}",
        "{\"a\\x\":{}}", "{\"a\\ud800\":{}}", "{\"a\\udc00\":{}}", "{\"a\\ud800\\u0041\":{}}",
        "{\"a\\u00g0\":{}}",
        "{\"a\n\":{}}", "{\"a", "{\"a\\", "{\"a\\u12",
    ])
    func textThatIsNotAHeader(header: String) throws {
        let error = #expect(throws: FormatError.self) {
            try SafetensorsFile(SafetensorsTests.file(header, bytes: 1))
        }
        guard case .headerMalformed? = error else {
            Issue.record("\(header) gave \(String(describing: error))")
            return
        }
    }

    @Test func repetitions() {
        let a = Self.tensor("a", "U8", "[1]", 0, 1)
        Self.refuses(
            SafetensorsTests.file("{\(a),\(Self.tensor("a", "U8", "[1]", 1, 2))}", bytes: 2),
            .duplicateName("a"))
        Self.refuses(SafetensorsTests.file("{\(a),\"\\u0061\":{}}"), .duplicateName("a"))
        Self.refuses(SafetensorsTests.file(#"{"a":{"dtype":"U8","dtype":"U8"}}"#), .duplicateName("dtype"))
        Self.refuses(SafetensorsTests.file(#"{"__metadata__":{"k":"","k":""}}"#), .duplicateName("k"))
        Self.refuses(
            SafetensorsTests.file(#"{"__metadata__":{},"__metadata__":{}}"#), .duplicateName("__metadata__"))
        // Distinct in the file, equal to Swift: an accent of its own and one within the letter.
        let twice = "{\(Self.tensor("e\u{301}", "U8", "[1]", 0, 1)),\(Self.tensor("é", "U8", "[1]", 1, 2))}"
        Self.refuses(SafetensorsTests.file(twice, bytes: 2), .duplicateName("é"))
    }

    @Test func metadataOfOtherTypes() {
        for value in ["1", "null", "{}", "[]", "true"] {
            Self.refuses(
                SafetensorsTests.file("{\"__metadata__\":{\"k\": \(value)}}"), .metadataNotString(key: "k"))
        }
    }

    static let sizes: [(header: String, bytes: Int, error: FormatError)] = [
        (tensor("a", "F8", "[1]", 0, 1), 1, .unknownScalarType(tensor: "a", name: "F8")),
        (tensor("a", "f32", "[1]", 0, 4), 4, .unknownScalarType(tensor: "a", name: "f32")),
        (
            tensor("a", "U8", "[4294967296,4294967296]", 0, 1), 1,
            .shapeOverflow(tensor: "a", shape: [4_294_967_296, 4_294_967_296])
        ),
        (
            tensor("a", "F64", "[4611686018427387904]", 0, 1), 1,
            .shapeOverflow(tensor: "a", shape: [4_611_686_018_427_387_904])
        ),
        (tensor("a", "U8", "[1]", 1, 0), 1, .offsetsReversed(tensor: "a", begin: 1, end: 0)),
        (tensor("a", "U8", "[2]", 0, 2), 1, .offsetsOutOfRange(tensor: "a", end: 2, available: 1)),
        (
            tensor("a", "U8", "[2]", 9_223_372_036_854_775_805, 9_223_372_036_854_775_807), 2,
            .offsetsOutOfRange(tensor: "a", end: 9_223_372_036_854_775_807, available: 2)
        ),
        (tensor("a", "F32", "[1]", 0, 2), 2, .sizeMismatch(tensor: "a", expected: 4, found: 2)),
        (tensor("a", "U8", "[]", 0, 2), 2, .sizeMismatch(tensor: "a", expected: 1, found: 2)),
        (
            tensor("a", "U8", "[2]", 0, 2) + "," + tensor("b", "U8", "[2]", 1, 3), 3,
            .overlap(tensor: "b", begin: 1, previousEnd: 2)
        ),
        (
            tensor("a", "U8", "[2]", 0, 2) + "," + tensor("b", "U8", "[2]", 0, 2), 2,
            .overlap(tensor: "b", begin: 0, previousEnd: 2)
        ),
        (
            tensor("a", "U8", "[4]", 0, 4) + "," + tensor("b", "U8", "[0]", 2, 2), 4,
            .overlap(tensor: "b", begin: 2, previousEnd: 4)
        ),
        (
            tensor("a", "U8", "[1]", 0, 1) + "," + tensor("b", "U8", "[1]", 2, 3), 3,
            .gap(tensor: "b", begin: 2, previousEnd: 1)
        ),
        (tensor("a", "U8", "[1]", 1, 2), 2, .gap(tensor: "a", begin: 1, previousEnd: 0)),
        (tensor("a", "U8", "[1]", 0, 1), 3, .trailingBytes(.safetensors, count: 2)),
        ("", 1, .trailingBytes(.safetensors, count: 1)),
    ]

    @Test(arguments: sizes)
    func sizesAndOffsets(header: String, bytes: Int, error: FormatError) {
        Self.refuses(SafetensorsTests.file("{\(header)}", bytes: bytes), error)
    }
}
