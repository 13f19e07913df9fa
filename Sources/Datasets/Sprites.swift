import Foundation
import Tensors

/// The built-in set: small shapes drawn by the program from known factors.
///
/// Three shapes at six sizes, thirty-two orientations and sixteen by sixteen places, white on black: every
/// combination once, 147,456 examples numbered with the last factor running fastest. Nothing is stored; an example
/// is drawn, with soft edges, when it is asked for.
public struct Sprites: DataSource {
    /// The factors in order, with how many values each takes.
    public static let factors: [(name: String, count: Int)] = [
        ("shape", 3), ("scale", 6), ("rotation", 32), ("x", 16), ("y", 16),
    ]

    /// The height and width of a picture.
    public let size: Int

    /// The set at a size.
    public init(size: Int = 32) {
        self.size = size
    }

    /// "sprites".
    public var name: String { "sprites" }
    /// One channel of `size` by `size`.
    public var exampleShape: [Int] { [1, size, size] }
    /// Grey levels.
    public var elementKind: ElementKind { .bytes }
    /// Every combination of factors.
    public var count: Int { Self.factors.reduce(1) { $0 * $1.count } }
    /// The shape of each example: square, ellipse, heart.
    public var labels: [Int]? { (0..<count).map { $0 / (count / 3) } }

    /// The value of each factor of an example.
    public static func factorValues(at index: Int) -> [Int] {
        var rest = index
        var values: [Int] = []
        for factor in factors.reversed() {
            values.insert(rest % factor.count, at: 0)
            rest /= factor.count
        }
        return values
    }

    /// The pictures at the places.
    public func examples(at indices: [Int]) -> Tensor {
        var pixels = [UInt8](repeating: 0, count: indices.count * size * size)
        for (place, index) in indices.enumerated() {
            draw(Self.factorValues(at: index), into: &pixels, at: place * size * size)
        }
        return Tensor(pixels, shape: [indices.count] + exampleShape)
    }

    private func draw(_ values: [Int], into pixels: inout [UInt8], at start: Int) {
        let unit = Double(size)
        let radius = unit * (0.11 + 0.018 * Double(values[1]))
        let angle = 2 * Double.pi * Double(values[2]) / 32
        let reach = unit * 0.26
        let centreX = reach + (unit - 2 * reach) * Double(values[3]) / 15
        let centreY = reach + (unit - 2 * reach) * Double(values[4]) / 15
        let (cosine, sine) = (cos(angle), sin(angle))
        // Only the square around the shape can be lit.
        let extent = radius * 1.5 + 1
        let rows = max(0, Int(centreY - extent))..<min(size, Int(centreY + extent) + 1)
        let columns = max(0, Int(centreX - extent))..<min(size, Int(centreX + extent) + 1)
        for row in rows {
            for column in columns {
                let x = Double(column) + 0.5 - centreX
                let y = Double(row) + 0.5 - centreY
                let distance = Self.distance(
                    shape: values[0], (cosine * x + sine * y) / radius, (cosine * y - sine * x) / radius)
                // The edge is one pixel wide: lit in proportion to how much of it is inside.
                let light = min(max(0.5 - distance * radius, 0), 1)
                pixels[start + row * size + column] = UInt8(light * 255)
            }
        }
    }

    /// How far a point is outside a shape of unit radius, about; negative inside.
    private static func distance(shape: Int, _ x: Double, _ y: Double) -> Double {
        switch shape {
        case 0: return max(abs(x), abs(y)) - 0.85
        case 1: return ((x / 1.2) * (x / 1.2) + (y / 0.6) * (y / 0.6)).squareRoot() * 0.75 - 0.75
        default:
            // A heart: two discs side by side on a square that stands on its corner.
            let discs = min(hypot(x - 0.42, y + 0.35), hypot(x + 0.42, y + 0.35)) - 0.55
            let corner = (abs(x) + abs(y - 0.02)) * 0.7071 - 0.675
            return min(discs, max(corner, -y - 0.35))
        }
    }
}
