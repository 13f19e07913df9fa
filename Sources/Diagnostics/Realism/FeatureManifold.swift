import Tensors

/// The part of feature space that examples cover: balls about each, up to its k-th nearest neighbour among them.
///
/// The share of samples inside the balls of data is their *precision*: how much of what a model makes looks like data.
/// The share of data inside the balls of samples is the *recall*: how much of the data the model makes.
///
/// Distances are found from inner products, block by block, so that memory holds a block's rows alone.
///
/// Source: Kynkäänniemi, Karras, Laine, Lehtinen, Aila 2019, section 2, arXiv:1904.06991.
public struct FeatureManifold {
    private let features: Tensor
    /// The squares of the balls' radii, `[count]`.
    private let radii: Tensor

    /// Rows of distances in memory at a time.
    private static let blockSize = 512

    /// The balls of examples.
    ///
    /// - Parameters:
    ///   - features: `[count, features]`.
    ///   - neighbours: k: how many others a ball reaches.
    /// - Precondition: More than k examples.
    public init(_ features: Tensor, neighbours: Int = 3) {
        let count = features.size(along: 0)
        precondition(neighbours > 0 && count > neighbours, "\(neighbours) neighbours among \(count) examples")
        let features = features.converted(to: .float64)
        self.features = features
        var radii: [Double] = []
        for start in stride(from: 0, to: count, by: Self.blockSize) {
            let block = features.sliced(along: 0, from: start, to: start + Self.blockSize)
            let distances = Self.squaredDistances(block, features).array(of: Double.self)
            for row in 0..<block.size(along: 0) {
                radii.append(
                    Self.smallest(
                        neighbours, of: distances[row * count..<(row + 1) * count], but: start + row))
            }
        }
        self.radii = Tensor(radii)
    }

    /// Which of other examples, `[count, features]`, lie in one of the balls.
    public func contains(_ others: Tensor) -> [Bool] {
        let others = others.converted(to: .float64)
        return stride(from: 0, to: others.size(along: 0), by: Self.blockSize).flatMap { start in
            let block = others.sliced(along: 0, from: start, to: start + Self.blockSize)
            let room = (radii - Self.squaredDistances(block, features)).max(along: 1)
            return (room .>= 0).array(of: Bool.self)
        }
    }

    /// |a − b|², `[rows of a, rows of b]`.
    private static func squaredDistances(_ a: Tensor, _ b: Tensor) -> Tensor {
        let squares = a.squared().sum(along: 1, keepingAxes: true) + b.squared().sum(along: 1)
        return (squares - a.matmul(b.transposed()) * 2).clamped(from: 0)
    }

    /// The k-th smallest of some numbers, without the one at a place.
    private static func smallest(_ k: Int, of numbers: ArraySlice<Double>, but own: Int) -> Double {
        var least = [Double](repeating: .infinity, count: k)
        for (place, number) in numbers.enumerated() where number < least[k - 1] && place != own {
            var slot = k - 1
            while slot > 0, least[slot - 1] > number {
                least[slot] = least[slot - 1]
                slot -= 1
            }
            least[slot] = number
        }
        return least[k - 1]
    }
}
