/// The type of the elements of a `RawArray`.
public enum ScalarType: String, CaseIterable, Sendable {
    case bool, u8, i8, i16, i32, i64, f16, bf16, f32, f64

    /// The number of bytes of one element.
    public var byteWidth: Int {
        switch self {
        case .bool, .u8, .i8: 1
        case .i16, .f16, .bf16: 2
        case .i32, .f32: 4
        case .i64, .f64: 8
        }
    }

    /// The name in a safetensors header, such as `F32`.
    public var safetensorsName: String { rawValue.uppercased() }

    /// The little-endian type descriptor of NumPy, such as `<f4`; none for bfloat16, which NumPy lacks.
    public var npyDescriptor: String? {
        switch self {
        case .bool: "|b1"
        case .u8: "|u1"
        case .i8: "|i1"
        case .i16: "<i2"
        case .i32: "<i4"
        case .i64: "<i8"
        case .f16: "<f2"
        case .f32: "<f4"
        case .f64: "<f8"
        case .bf16: nil
        }
    }

    /// Finds the type that a safetensors header names.
    public init?(safetensorsName name: String) {
        guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = type
    }
}

/// A Swift type whose memory is one element of a `RawArray`.
///
/// Booleans are read as `UInt8`: a stored byte other than 0 and 1 is not a valid `Bool`.
public protocol RawScalar: BitwiseCopyable, Sendable {
    /// The type that arrays of `Self` are stored as.
    static var scalarType: ScalarType { get }
}

extension UInt8: RawScalar {
    /// `.u8`.
    public static var scalarType: ScalarType { .u8 }
}

extension Int8: RawScalar {
    /// `.i8`.
    public static var scalarType: ScalarType { .i8 }
}

extension Int16: RawScalar {
    /// `.i16`.
    public static var scalarType: ScalarType { .i16 }
}

extension Int32: RawScalar {
    /// `.i32`.
    public static var scalarType: ScalarType { .i32 }
}

extension Int64: RawScalar {
    /// `.i64`.
    public static var scalarType: ScalarType { .i64 }
}

extension Float: RawScalar {
    /// `.f32`.
    public static var scalarType: ScalarType { .f32 }
}

extension Double: RawScalar {
    /// `.f64`.
    public static var scalarType: ScalarType { .f64 }
}
