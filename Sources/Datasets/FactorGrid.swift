/// One of the known factors that the examples of a set are drawn from.
public struct KnownFactor: Codable, Sendable, Equatable {
    /// What to call it.
    public var name: String
    /// How many values it takes, counted from 0.
    public var count: Int
    /// Whether the values have an order; classes have none.
    public var isOrdered: Bool

    /// A factor.
    public init(_ name: String, count: Int, isOrdered: Bool = true) {
        self.name = name
        self.count = count
        self.isOrdered = isOrdered
    }
}

/// Every combination of known factors once, so that an example of any can be had.
///
/// Examples are numbered with the last factor running fastest.
public struct FactorGrid: Sendable {
    /// The factors, the slowest first.
    public let factors: [KnownFactor]
    /// The examples.
    public let source: any DataSource

    /// The combinations of `factors`, as `source` numbers them.
    ///
    /// - Precondition: `source` has as many examples as there are combinations.
    public init(_ factors: [KnownFactor], of source: any DataSource) {
        precondition(
            factors.reduce(1) { $0 * $1.count } == source.count,
            "\(source.count) examples for the combinations of \(factors)")
        self.factors = factors
        self.source = source
    }

    /// The value of each factor of an example, counted from 0.
    public func values(at index: Int) -> [Int] {
        var rest = index
        return factors.reversed().map { factor in
            defer { rest /= factor.count }
            return rest % factor.count
        }.reversed()
    }
}
