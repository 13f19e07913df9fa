import Tensors

/// The elements of vectors, or the channels of images, in another order; its log |det| is zero.
///
///     y_i = x_order(i)
///
/// Shapes: `[..., size]`, or `[..., channels, height, width]`.
public struct Permutation: Bijector, Sendable {
    // Numbers, not tensors, so that a module may hold a permutation without its becoming part of the state.
    private let order: [Int]
    private let inverseOrder: [Int]

    /// How many of the last axes make up one outcome: 1 or 3; the first of them is reordered.
    public let eventRank: Int

    /// A new order.
    ///
    /// - Parameters:
    ///   - order: Which element comes to each place.
    ///   - eventRank: 1 for vectors, 3 for images.
    /// - Precondition: Each place from 0 on is named once.
    public init(_ order: [Int], eventRank: Int = 1) {
        precondition(
            order.sorted() == Array(order.indices), "\(order) is not an order of \(order.count) elements")
        self.order = order
        self.eventRank = eventRank
        inverseOrder = order.indices.sorted { order[$0] < order[$1] }
    }

    /// The last element first.
    public static func reversal(of size: Int) -> Permutation { Permutation((0..<size).reversed()) }

    /// A random order.
    public static func random(_ size: Int, eventRank: Int = 1, using generator: inout Generator)
        -> Permutation
    {
        // Sorted noise of our own: an order that a checkpoint relies on may not change with the library's shuffle.
        let order = generator.uniform([size]).sortedIndices(along: 0).array(of: Int.self)
        return Permutation(order, eventRank: eventRank)
    }

    /// The elements in the new order.
    public func forward(_ x: Tensor) -> Transformed { reordered(x, order) }

    /// The elements in the old order.
    public func inverse(_ y: Tensor) -> Transformed { reordered(y, inverseOrder) }

    private func reordered(_ x: Tensor, _ order: [Int]) -> Transformed {
        Transformed(
            x.gathering(Tensor(order), along: -eventRank),
            logDeterminant: .zeros(x.shape.dropLast(eventRank), dtype: x.dtype))
    }
}
