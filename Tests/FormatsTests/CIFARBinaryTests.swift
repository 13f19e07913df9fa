import Formats
import Foundation
import Testing

@Suite struct CIFARBinaryTests {
    static func record(label: UInt8, sample: UInt8) -> Data {
        Data([label]) + Data(repeating: sample, count: 3072)
    }

    @Test func recordsDecode() throws {
        var second = Self.record(label: 9, sample: 4)
        second[1 + 1024] = 200  // The first sample of the green plane.
        let batch = try CIFARBinary.decode(Self.record(label: 3, sample: 8) + second)
        #expect(batch.labels == [3, 9])
        #expect(batch.images.shape == [2, 3, 32, 32])
        let samples = batch.images.values(as: UInt8.self)
        #expect(samples[3071] == 8 && samples[3072] == 4 && samples[3072 + 1024] == 200)
    }

    @Test(arguments: [
        (Data(), "3073 bytes expected, 0 found"),
        (record(label: 0, sample: 0).dropLast(), "3073 bytes expected"),
        (record(label: 0, sample: 0) + Data([1]), "6146 bytes expected, 3074 found"),
        (record(label: 0, sample: 0) + record(label: 10, sample: 0), "record 1 has label 10"),
    ])
    func malformedDataIsRefused(data: Data, message: String) throws {
        let error = #expect(throws: FormatError.self) { try CIFARBinary.decode(data) }
        #expect("\(try #require(error))".contains(message))
    }
}
