import Formats
import Foundation
import Testing

@Suite struct RawArrayTests {
    @Test func valuesInvertTheInitialiser() {
        #expect(
            RawArray(shape: [3], values: [1, 2.5, -3] as [Float]).values(as: Float.self) == [1, 2.5, -3])
    }

    @Test func slicesAtAnyOffsetAreRead() {
        let bytes = RawArray(shape: [2], values: [1.5, -2.5] as [Double]).data
        let slice = (Data([9, 9, 9]) + bytes + Data([9])).dropFirst(3).prefix(16)
        #expect(RawArray(shape: [2], scalarType: .f64, data: slice).values(as: Double.self) == [1.5, -2.5])
    }

    @Test func booleansAreReadAsBytes() {
        let array = RawArray(shape: [3], scalarType: .bool, data: Data([0, 1, 7]))
        #expect(array.values(as: UInt8.self) == [0, 1, 7])
        #expect(array.converted(to: Float.self) == [0, 1, 1])
    }

    @Test(arguments: [
        (ScalarType.i8, [0xFF]), (.u8, [0xFF]), (.i16, [0xFE, 0xFF]), (.i32, [0xFE, 0xFF, 0xFF, 0xFF]),
        (.i64, [0, 1, 0, 0, 0, 0, 0, 0]), (.f16, [0, 0x3E]), (.bf16, [0xC0, 0x3F]),
        (.f32, [0, 0, 0xC0, 0x3F]),
        (.f64, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]),
    ])
    func everyTypeConverts(type: ScalarType, bytes: [UInt8]) throws {
        let array = RawArray(shape: [], scalarType: type, data: Data(bytes))
        let expected: [ScalarType: Double] = [.i8: -1, .u8: 255, .i16: -2, .i32: -2, .i64: 256]
        #expect(array.converted(to: Double.self) == [expected[type] ?? 1.5])
        #expect(array.converted(to: Float.self) == [Float(expected[type] ?? 1.5)])
    }

    /// Every half, against a computation from its definition in the exponent's two ranges.
    @Test func everyHalfConverts() {
        for bits in UInt16.min...UInt16.max {
            let data = withUnsafeBytes(of: bits.littleEndian) { Data($0) }
            let value = RawArray(shape: [], scalarType: .f16, data: data).converted(to: Double.self)[0]
            let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
            let sign = bits >> 15 == 1 ? -1.0 : 1.0
            switch exponent {
            case 31: #expect(fraction == 0 ? value == sign * .infinity : value.isNaN)
            case 0: #expect(value == sign * fraction * pow(2, -24))
            default: #expect(value == sign * (1024 + fraction) * pow(2, Double(exponent - 25)))
            }
        }
    }
}
