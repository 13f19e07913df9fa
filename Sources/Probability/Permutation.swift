import Tensors

/// The elements of vectors in another order; its log |det| is zero.
///
///     y_i = x_order(i)
///
/// Shapes: `[..., size]`.
public struct Permutation: Bijector, Sendable {
    // Numbers, not tensors, so that a module may hold a permutation without its becoming part of the state.
    private let order: [Int]
    private let inverseOrder: [Int]

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A new order.
    ///
    /// - Parameter order: Which element comes to each place.
    /// - Precondition: Each place from 0 on is named once.
    public init(_ order: [Int]) {
        precondition(
            order.sorted() == Array(order.indices), "\(order) is not an order of \(order.count) elements")
        self.order = order
        inverseOrder = order.indices.sorted { order[$0] < order[$1] }
    }

    /// The last element first.
    public static func reversal(of size: Int) -> Permutation { Permutation((0..<size).reversed()) }

    /// The elements in the new order.
    public func forward(_ x: Tensor) -> Transformed { reordered(x, order) }

    /// The elements in the old order.
    public func inverse(_ y: Tensor) -> Transformed { reordered(y, inverseOrder) }

    private func reordered(_ x: Tensor, _ order: [Int]) -> Transformed {
        Transformed(
            x.gathering(Tensor(order), along: -1),
            logDeterminant: .zeros(x.shape.dropLast(), dtype: x.dtype))
    }
}
