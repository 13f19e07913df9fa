import Tensors

// Unchecked: a bijector with weights is a module, whose tensors optimisers change in place, as they do the tensors of
// any other distribution.
/// The distribution of y = f(x) for x of a base: a normalising flow.
///
///     log p(y) = log p_base(f⁻¹(y)) + log |det ∂f⁻¹/∂y|
///
/// Source: Rezende, Mohamed 2015, eq. 5, arXiv:1505.05770.
public struct TransformedDistribution: Distribution, @unchecked Sendable {
    private let base: any Distribution
    private let bijector: any Bijector

    /// What becomes of a base's outcomes.
    ///
    /// - Precondition: The events of both have the same rank.
    public init(_ base: any Distribution, by bijector: any Bijector) {
        precondition(
            base.eventRank == bijector.eventRank,
            "a base with events of rank \(base.eventRank) and a bijector of rank \(bijector.eventRank)")
        self.base = base
        self.bijector = bijector
    }

    /// That of the base.
    public var eventRank: Int { base.eventRank }

    /// log p(y), through the inverse.
    public func logProbability(of y: Tensor) -> Tensor {
        let x = bijector.inverse(y)
        return base.logProbability(of: x.value) + x.logDeterminant
    }

    /// f(x) of draws x of the base.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        bijector.forward(base.sample(leading, using: &generator)).value.withoutGradient()
    }
}
