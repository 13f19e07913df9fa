import Tensors

// Unchecked: a map with weights is a module, whose tensors optimisers change in place, as they do the tensors of any
// other distribution.
/// The distribution of y = f(x) for x of a base: a normalising flow.
///
///     log p(y) = log p_base(x) − log |det ∂f/∂x|,   x = f⁻¹(y)
///
/// Its own draws know their x. Where the map is a bijector, so does every other outcome.
///
/// Source: Rezende, Mohamed 2015, eq. 5, arXiv:1505.05770.
public struct TransformedDistribution<Base: Distribution>: Distribution, @unchecked Sendable {
    let base: Base
    let map: any InvertibleMap

    /// What becomes of a base's outcomes.
    ///
    /// - Precondition: The events of both have the same rank.
    public init(_ base: Base, by map: any InvertibleMap) {
        precondition(
            base.eventRank == map.eventRank,
            "a base with events of rank \(base.eventRank) and a map of rank \(map.eventRank)")
        self.base = base
        self.map = map
    }

    /// That of the base.
    public var eventRank: Int { base.eventRank }

    /// `[batch..., event...]`.
    public var shape: [Int] { base.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { base.dtype }

    /// The map, where it has an inverse.
    public var bijector: (any Bijector)? { map as? any Bijector }

    /// Whether the map is a bijector, and the base known everywhere.
    public var isKnownEverywhere: Bool { map is any Bijector && base.isKnownEverywhere }

    /// log p(y), through the inverse.
    ///
    /// - Parameter y: As for any distribution.
    /// - Returns: Nats, `[batch...]`.
    /// - Precondition: The map is a bijector; otherwise a density is known at the distribution's own draws alone, and
    ///   comes with them.
    public func logProbability(of y: Tensor) -> Tensor {
        guard let bijector = map as? any Bijector else {
            fatalError(
                "\(type(of: map)) has no inverse in closed form, so that log p(y) is known only with a draw: "
                    + "take the draw's logProbability")
        }
        let x = bijector.inverse(y)
        return base.logProbability(of: x.value) + x.logDeterminant
    }

    /// f(x) of draws x of the base.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        map.forward(base.sample(leading, using: &generator)).value.withoutGradient()
    }
}

extension TransformedDistribution: Reparameterized where Base: Reparameterized {
    /// f(x) of draws x of the base, with log p_base(x) − log |det ∂f/∂x|.
    public func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        let x = base.draw(leading, using: &generator)
        let y = map.forward(x.value)
        let logBase = x.logProbability ?? base.logProbability(of: x.value)
        return Draw(y.value, logProbability: logBase - y.logDeterminant)
    }
}

extension TransformedDistribution: HasCentre where Base: HasCentre {
    /// The image of the base's centre, which is not the mean: that has no closed form.
    public var centre: Tensor { map.forward(base.centre).value }
}
