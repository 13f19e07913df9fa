import Foundation

#if _endian(big)
    #error("Formats keeps arrays in little-endian memory.")
#endif

/// An array as bytes: a shape, an element type, and the elements in row-major, little-endian order.
///
/// `data` may be a slice of a mapped file: its indices need not begin at zero and its bytes need not be aligned.
public struct RawArray: Equatable, Sendable {
    /// The size of each axis; empty for a single number.
    public let shape: [Int]

    /// The type of the elements.
    public let scalarType: ScalarType

    /// The bytes of the elements.
    public let data: Data

    /// Wraps bytes that are already in the right order.
    ///
    /// - Precondition: `data` holds exactly the bytes that `shape` and `scalarType` need.
    public init(shape: [Int], scalarType: ScalarType, data: Data) {
        precondition(
            data.count == shape.reduce(scalarType.byteWidth, *),
            "RawArray of shape \(shape) and type \(scalarType) given \(data.count) bytes.")
        self.shape = shape
        self.scalarType = scalarType
        self.data = data
    }

    /// Copies values into an array of the given shape.
    ///
    /// - Precondition: there are as many values as `shape` needs.
    public init<Scalar: RawScalar>(shape: [Int], values: [Scalar]) {
        self.init(
            shape: shape, scalarType: Scalar.scalarType, data: values.withUnsafeBytes { Data($0) })
    }

    /// The number of elements.
    public var count: Int { data.count / scalarType.byteWidth }

    /// Copies the elements out, in row-major order.
    ///
    /// - Precondition: the elements are stored as `Scalar`; booleans may be read as `UInt8`.
    public func values<Scalar: RawScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
        precondition(
            scalarType == Scalar.scalarType || (scalarType == .bool && Scalar.scalarType == .u8),
            "RawArray of type \(scalarType) read as \(Scalar.self).")
        return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = data.copyBytes(to: buffer) / MemoryLayout<Scalar>.stride
        }
    }

    /// Converts the elements to floating point, rounding to nearest where `Scalar` is the narrower type.
    public func converted<Scalar: RawScalar & BinaryFloatingPoint>(to type: Scalar.Type) -> [Scalar] {
        switch scalarType {
        case .bool: values(as: UInt8.self).map { $0 == 0 ? 0 : 1 }
        case .u8: values(as: UInt8.self).map { Scalar($0) }
        case .i8: values(as: Int8.self).map { Scalar($0) }
        case .i16: values(as: Int16.self).map { Scalar($0) }
        case .i32: values(as: Int32.self).map { Scalar($0) }
        case .i64: values(as: Int64.self).map { Scalar($0) }
        case .f32: values(as: Float.self).map { Scalar($0) }
        case .f64: values(as: Double.self).map { Scalar($0) }
        case .f16: halves.map { Scalar(float(half: $0)) }
        case .bf16: halves.map { Scalar(Float(bitPattern: UInt32($0) << 16)) }
        }
    }

    private var halves: [UInt16] {
        [UInt16](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = data.copyBytes(to: buffer) / 2
        }
    }
}

/// Widens an IEEE half. (`Float16` is not available on every platform that we build for.)
private func float(half: UInt16) -> Float {
    let sign: Float = half >> 15 == 0 ? 1 : -1
    let exponent = Int(half >> 10 & 0x1F)
    let fraction = Float(half & 0x3FF) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
    }
}

/// Reverses the bytes of each element, between big-endian files and our little-endian arrays.
func swappingBytes(of data: Data, width: Int) -> Data {
    guard width > 1 else { return data }
    var swapped = data
    swapped.withUnsafeMutableBytes { bytes in
        for start in stride(from: 0, through: bytes.count - width, by: width) {
            for i in 0..<width / 2 { bytes.swapAt(start + i, start + width - 1 - i) }
        }
    }
    return swapped
}

/// The number of bytes that an array from a file's header needs, or nil where that overflows.
func byteCount(shape: [Int], width: Int) -> Int? {
    var product = width
    for size in shape {
        let (result, overflow) = product.multipliedReportingOverflow(by: size)
        guard !overflow, size >= 0 else { return nil }
        product = result
    }
    return product
}
