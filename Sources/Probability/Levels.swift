import Tensors

/// Evenly spaced levels from 0 to 1, such as those of 8-bit pixels: level k of n is k / (n − 1).
///
/// A density over real numbers becomes one over levels by what it holds around each: level k covers
/// [k − ½, k + ½] / (n − 1), the lowest everything below, and the highest everything above.
public struct Levels: Sendable, Equatable {
    /// n, at least 2.
    public let count: Int

    /// 0, 1, …, 255 over 255.
    public static let bytes = Levels(256)

    /// So many levels.
    ///
    /// - Precondition: There are at least two.
    public init(_ count: Int) {
        precondition(count >= 2, "\(count) levels")
        self.count = count
    }

    /// The distance of neighbours.
    var spacing: Double { 1 / Double(count - 1) }

    /// Where x is the lowest level.
    func isLowest(_ x: Tensor) -> Tensor { x .< spacing / 2 }

    /// Where x is the highest level.
    func isHighest(_ x: Tensor) -> Tensor { x .> 1 - spacing / 2 }

    /// The level nearest to each real number.
    func nearest(to x: Tensor) -> Tensor {
        (x.clamped(from: 0, to: 1) * Double(count - 1)).rounded() / Double(count - 1)
    }

    /// The mean level, Σ_k P(x > level k) · spacing, where `above` gives P(x > edge) at an edge between two levels.
    func mean(above: (Double) -> Tensor) -> Tensor {
        var sum = above(spacing / 2)
        for level in 1..<(count - 1) { sum += above((Double(level) + 0.5) * spacing) }
        return sum * spacing
    }
}
