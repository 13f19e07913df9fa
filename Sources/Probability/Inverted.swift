import Tensors

/// A bijector with its directions exchanged.
///
/// What is quick forward and slow backward becomes the opposite: an inverse autoregressive flow is an inverted masked
/// autoregressive one. Source: Papamakarios, Pavlakou, Murray 2017, section 3.2, arXiv:1705.07057.
public struct Inverted: Bijector {
    private let base: any Bijector

    /// The inverse of a bijector.
    public init(_ base: any Bijector) {
        self.base = base
    }

    /// That of the base.
    public var eventRank: Int { base.eventRank }

    /// The inverse of the base.
    public func forward(_ x: Tensor) -> Transformed { base.inverse(x) }

    /// The base itself.
    public func inverse(_ y: Tensor) -> Transformed { base.forward(y) }
}
