import CTorch

extension Tensor {
    /// A tensor of one value everywhere.
    public init(repeating value: Double, shape: [Int], dtype: DType = .float32) {
        self = made(ct_full(shape, shape.count, value, dtype.rawValue))
    }

    /// A scalar.
    public init(_ value: Double, dtype: DType = .float32) {
        self.init(repeating: value, shape: [], dtype: dtype)
    }

    /// Zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        Tensor(repeating: 0, shape: shape, dtype: dtype)
    }

    /// Ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        Tensor(repeating: 1, shape: shape, dtype: dtype)
    }

    /// Zeros of the shape and type of `other`.
    public init(zerosLike other: Tensor) {
        self.init(repeating: 0, shape: other.shape, dtype: other.dtype)
    }

    /// `start`, `start + step`… up to but not including `end`.
    public static func range(
        from start: Double = 0, to end: Double, by step: Double = 1, dtype: DType = .float32
    )
        -> Tensor
    {
        made(ct_arange(start, end, step, dtype.rawValue))
    }

    /// `count` values at equal distances from `start` to `end`, both included.
    public static func linearSpace(from start: Double, to end: Double, count: Int, dtype: DType = .float32)
        -> Tensor
    {
        made(ct_linspace(start, end, count, dtype.rawValue))
    }

    /// The identity matrix, `[size, size]`.
    public static func identity(_ size: Int, dtype: DType = .float32) -> Tensor {
        made(ct_eye(size, dtype.rawValue))
    }

    /// A tensor of `values` in row-major order.
    ///
    /// - Parameters:
    ///   - values: The elements.
    ///   - shape: Its product is the number of elements; a vector when absent.
    /// - Precondition: The counts agree.
    public init<Element: TensorElement>(_ values: [Element], shape: [Int]? = nil) {
        self = values.withUnsafeBytes {
            Tensor(bytes: $0, shape: shape ?? [values.count], dtype: Element.dtype)
        }
    }

    /// A tensor that copies `bytes`, row-major and in this machine's byte order.
    ///
    /// - Precondition: There are as many bytes as shape and type need.
    public init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) {
        let expected = shape.reduce(dtype.byteWidth, *)
        guard bytes.count == expected else {
            trap("init(bytes:)", "shape \(shape) of \(dtype) takes \(expected) bytes, not \(bytes.count)", [])
        }
        // LibTorch never reads from the pointer when there are no bytes, but the parameter is not optional.
        self = withUnsafePointer(to: 0) { nothing in
            made(
                ct_from_bytes(
                    bytes.baseAddress ?? UnsafeRawPointer(nothing), shape, shape.count, dtype.rawValue))
        }
    }
}

extension Tensor {
    /// The elements in row-major order, converted to `Element` when the tensor's type is another.
    public func array<Element: TensorElement>(of type: Element.Type = Element.self) -> [Element] {
        let source = converted(to: Element.dtype)
        return [Element](unsafeUninitializedCapacity: source.count) { buffer, initializedCount in
            initializedCount = source.count
            guard let base = buffer.baseAddress, source.count > 0 else { return }
            performed(ct_copy_bytes(source.handle, base, source.count * MemoryLayout<Element>.stride), self)
        }
    }

    /// The only element, as a number.
    ///
    /// Waits for the computation that makes it.
    ///
    /// - Precondition: There is exactly one element.
    public func scalar() -> Double {
        guard count == 1 else { trap("scalar()", "the tensor must hold one element", [self]) }
        return array(of: Double.self)[0]
    }

    /// Calls `body` with the elements' bytes, row-major, without a copy where the layout allows.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let tensor = contiguous()
        let byteCount = count * dtype.byteWidth
        return try withExtendedLifetime(tensor) {
            try body(
                UnsafeRawBufferPointer(start: byteCount == 0 ? nil : ct_data(tensor.handle), count: byteCount)
            )
        }
    }

    /// The same numbers in another type; itself when the type is the same.
    public func converted(to dtype: DType) -> Tensor {
        dtype == self.dtype ? self : made(ct_to_dtype(handle, dtype.rawValue), self)
    }

    /// A copy with a storage of its own.
    public func copy() -> Tensor { made(ct_clone(handle), self) }

    /// The same elements in row-major order in memory; itself when they already are.
    public func contiguous() -> Tensor { made(ct_contiguous(handle), self) }

    /// Overwrites the elements with those of `source`, broadcast and converted, in place and unrecorded.
    public func copy(from source: Tensor) {
        performed(ct_copy_in(handle, source.handle), self, source)
    }
}
