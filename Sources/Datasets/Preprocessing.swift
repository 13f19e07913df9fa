import Tensors

/// What a model sees of an example: worked out after the batch has reached the device.
public enum Preprocessing: String, Codable, Sendable, CaseIterable {
    /// Levels divided by 255. Under a Bernoulli these give a loss, not a likelihood.
    case grey = "none"
    /// x ~ Bernoulli(level / 255), drawn anew each time an example is used.
    case dynamic
    /// 1 where the level is at least 128.
    case threshold
    /// Zeros and ones as they are stored.
    case binary = "fixed"
    /// Real numbers as they are stored.
    case real

    /// Whether the model sees zeros and ones only.
    public var isBinary: Bool { [.dynamic, .threshold, .binary].contains(self) }

    /// The usual choice for elements of a kind.
    public static func standard(for kind: ElementKind) -> Preprocessing {
        switch kind {
        case .bytes: .grey
        case .binary: .binary
        case .real: .real
        }
    }

    /// Whether elements of a kind can be treated so.
    public func accepts(_ kind: ElementKind) -> Bool {
        switch self {
        case .grey, .dynamic, .threshold: kind == .bytes
        case .binary: kind == .binary
        case .real: kind == .real
        }
    }

    /// What to call it in reports.
    public var summary: String {
        switch self {
        case .grey: "grey values in [0, 1]"
        case .dynamic: "dynamic binarization"
        case .threshold: "binarized at half"
        case .binary: "fixed binarization"
        case .real: "real values"
        }
    }

    /// What to call it in reports of examples of a shape: images of three channels have color values.
    public func summary(of shape: [Int]) -> String {
        self == .grey && shape.count == 3 && shape[0] == 3 ? "color values in [0, 1]" : summary
    }

    /// The batch as the model sees it, in float32.
    ///
    /// - Parameters:
    ///   - batch: As the source gives it.
    ///   - generator: Draws the dynamic binarization; an example's draw depends on its index alone.
    /// - Returns: A batch of the same examples.
    public func apply(to batch: Batch, using generator: Generator) -> Batch {
        var noise = generator.child(named: "binarization")
            .byRows(RowKeys(indices: batch.indices, draws: 0..<1))
        return batch.with(examples: apply(to: batch.examples, noise: &noise))
    }

    private func apply(to examples: Tensor, noise generator: inout Generator) -> Tensor {
        switch self {
        case .grey: examples.converted(to: .float32) / 255
        case .dynamic:
            // u < level / 255, compared without the division.
            (generator.uniform(examples.shape) * 255 .< examples.converted(to: .float32)).converted(
                to: .float32)
        case .threshold: (examples .>= 128).converted(to: .float32)
        case .binary, .real: examples.converted(to: .float32)
        }
    }
}
