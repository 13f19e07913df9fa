/// The type of a tensor's elements; raw values are LibTorch's codes.
public enum DType: Int32, Sendable, CaseIterable {
    /// 8-bit unsigned integers: images as they come from disk.
    case uint8 = 0
    /// 64-bit signed integers: labels and indices.
    case int64 = 4
    /// IEEE single precision: the default of models.
    case float32 = 6
    /// IEEE double precision: references and laws.
    case float64 = 7
    /// Truth values: masks.
    case bool = 11
    /// The upper half of a float32.
    case bfloat16 = 15

    /// The bytes that one element takes.
    public var byteWidth: Int {
        switch self {
        case .uint8, .bool: 1
        case .bfloat16: 2
        case .float32: 4
        case .int64, .float64: 8
        }
    }

    /// Whether elements are real numbers, so that gradients exist.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .bfloat16: true
        case .uint8, .int64, .bool: false
        }
    }
}

/// A Swift type whose arrays are tensors' elements, bit for bit.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The tensor type of the same bits.
    static var dtype: DType { get }
}

extension Float: TensorElement {
    /// Float32.
    public static var dtype: DType { .float32 }
}

extension Double: TensorElement {
    /// Float64.
    public static var dtype: DType { .float64 }
}

extension UInt8: TensorElement {
    /// Unsigned bytes.
    public static var dtype: DType { .uint8 }
}

extension Int: TensorElement {
    /// 64-bit integers.
    public static var dtype: DType { .int64 }
}

extension Bool: TensorElement {
    /// Truth values.
    public static var dtype: DType { .bool }
}
