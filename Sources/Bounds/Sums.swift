import Tensors

/// Sums over examples by name: what batches, parts of a batch and processes add up.
public struct Sums: Sendable {
    /// How many examples have been summed.
    public private(set) var examples: Int
    private var values: [String: Tensor]

    /// The sums of a batch.
    ///
    /// - Parameters:
    ///   - examples: How many.
    ///   - values: Sums over them, of any shape.
    public init(examples: Int, _ values: [String: Tensor]) {
        self.examples = examples
        self.values = values
    }

    /// A sum.
    ///
    /// - Precondition: There is one of that name.
    public subscript(name: String) -> Tensor {
        guard let sum = values[name] else { fatalError("no sum '\(name)' among \(values.keys.sorted())") }
        return sum
    }

    /// A sum divided by the number of examples.
    public func mean(_ name: String) -> Tensor { self[name] / Double(examples) }

    /// These sums and those of other names.
    public func merging(_ others: [String: Tensor]) -> Sums {
        Sums(examples: examples, values.merging(others) { $1 })
    }

    /// The same sums in float64, so that those of a whole split keep their digits.
    public var inDouble: Sums {
        Sums(examples: examples, values.mapValues { $0.converted(to: .float64) })
    }

    /// The sums over the examples of both.
    ///
    /// - Precondition: Both have the same names.
    public static func + (one: Sums, other: Sums) -> Sums {
        precondition(one.values.keys == other.values.keys, "sums of different objectives are added")
        return Sums(
            examples: one.examples + other.examples, one.values.merging(other.values) { $0 + $1 })
    }
}
