/// A range of allowed values that can say in words what it allows.
///
/// The standard ranges conform, so an option is declared with `in: 1...` or `in: 0...1`.
public protocol Limits<Bound> {
    /// The type of the values.
    associatedtype Bound: Comparable
    /// Whether the value is allowed.
    func contains(_ value: Bound) -> Bool
    /// What is allowed, e.g. "at least 1".
    var inWords: String { get }
}

extension ClosedRange: Limits {
    /// What is allowed.
    public var inWords: String { "from \(concise(lowerBound)) to \(concise(upperBound))" }
}

extension Range: Limits {
    /// What is allowed.
    public var inWords: String { "at least \(concise(lowerBound)) and below \(concise(upperBound))" }
}

extension PartialRangeFrom: Limits {
    /// What is allowed.
    public var inWords: String { "at least \(concise(lowerBound))" }
}

extension PartialRangeThrough: Limits {
    /// What is allowed.
    public var inWords: String { "at most \(concise(upperBound))" }
}

/// All values greater than a bound, which Swift's own ranges cannot express.
public struct Above<Bound: Comparable & Sendable>: Limits, Sendable {
    /// The greatest value that is not allowed.
    public let bound: Bound

    /// Whether the value is greater than the bound.
    public func contains(_ value: Bound) -> Bool { value > bound }

    /// What is allowed.
    public var inWords: String { "above \(concise(bound))" }
}

extension Limits where Self == Above<Double> {
    /// Allows what is greater than `bound`, as `.above(0)` for a learning rate.
    public static func above(_ bound: Double) -> Above<Double> { Above(bound: bound) }
}

/// The value as a user would write it: a whole number without ".0".
func concise(_ value: some Any) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
