import Foundation
import Tensors

/// The built-in set: small shapes drawn by the program from known factors.
///
/// Three shapes at six scales, thirty-two orientations and sixteen by sixteen places, white on black: every
/// combination once, 147,456 examples numbered with the last factor running fastest. No two are the same picture:
/// a square turns by a quarter, an ellipse by a half and a heart wholly before it would repeat. Nothing is stored;
/// an example is drawn, with soft edges, when it is asked for.
///
/// Source: the idea is that of dSprites, Matthey, Higgins, Hassabis, Lerchner 2017.
public struct Sprites: DataSource {
    /// The factors, the slowest first.
    public static let factors = [
        KnownFactor("shape", count: 3, isOrdered: false), KnownFactor("scale", count: 6),
        KnownFactor("rotation", count: 32), KnownFactor("x", count: 16), KnownFactor("y", count: 16),
    ]

    /// The heights and widths that pictures can have.
    public static let sizes = 16...256

    /// The height and width of a picture.
    public let size: Int

    /// The set at a size.
    ///
    /// - Precondition: `size` is one of `sizes`.
    public init(size: Int = 32) {
        precondition(Self.sizes.contains(size), "sprites of \(size) by \(size)")
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

    /// All combinations, of which any can be drawn.
    public var grid: FactorGrid { FactorGrid(Self.factors, of: self) }

    /// Of the place and the size, which determine a picture.
    public func hashes(at places: [Int]) -> [UInt64] {
        places.map { place in
            withUnsafeBytes(of: (place, size)) { exampleHash(of: $0[...], class: nil) }
        }
    }

    /// The pictures at the places.
    public func examples(at indices: [Int]) -> Tensor {
        let grid = grid
        let pixels = [UInt8](unsafeUninitializedCapacity: indices.count * size * size) {
            pixels, initialized in
            pixels.initialize(repeating: 0)
            for (place, index) in indices.enumerated() {
                let picture = UnsafeMutableBufferPointer(
                    rebasing: pixels[(place * size * size)..<((place + 1) * size * size)])
                Sprite(factors: grid.values(at: index), size: size).draw(on: picture)
            }
            initialized = pixels.count
        }
        return Tensor(pixels, shape: [indices.count] + exampleShape)
    }
}

/// One shape in its place, in pixels.
private struct Sprite {
    let shape: Int
    let size: Int
    let radius: Float
    let centre: (x: Float, y: Float)
    let cosine: Float
    let sine: Float

    init(factors: [Int], size: Int) {
        let unit = Float(size)
        shape = factors[0]
        self.size = size
        radius = unit * (0.12 + 0.02 * Float(factors[1]))
        let turn: Float = [0.25, 0.5, 1][factors[0]]
        let angle = 2 * Float.pi * turn * Float(factors[2]) / 32
        (cosine, sine) = (cos(angle), sin(angle))
        // The largest shape stays whole at the edge: half a pixel to the middle of the outermost ones, and the soft
        // rim, which is √½ of a pixel wide at a square's corner.
        let margin = unit * 0.265 + 1.25
        centre.x = margin + (unit - 2 * margin) * Float(factors[3]) / 15
        centre.y = margin + (unit - 2 * margin) * Float(factors[4]) / 15
    }

    func draw(on pixels: UnsafeMutableBufferPointer<UInt8>) {
        // Only the square around the shape can be lit.
        let extent = radius * 1.25 + 1
        let rows = max(0, Int(centre.y - extent))..<min(size, Int(centre.y + extent) + 1)
        let columns = max(0, Int(centre.x - extent))..<min(size, Int(centre.x + extent) + 1)
        for row in rows {
            for column in columns {
                let x = (Float(column) + 0.5 - centre.x) / radius
                let y = (Float(row) + 0.5 - centre.y) / radius
                let distance = radius * outside(cosine * x + sine * y, cosine * y - sine * x)
                // The edge is one pixel wide: lit in proportion to how much of it is inside.
                pixels[row * size + column] = UInt8(min(max(0.5 - distance, 0), 1) * 255 + 0.5)
            }
        }
    }

    /// How far a point is outside the shape of unit radius, about; negative inside.
    private func outside(_ x: Float, _ y: Float) -> Float {
        switch shape {
        case 0: return max(abs(x), abs(y)) - 0.85
        case 1:
            // The level of the ellipse's equation over its slope.
            let (a, b): (Float, Float) = (1.2, 0.6)
            let level = ((x / a) * (x / a) + (y / b) * (y / b)).squareRoot()
            let slope = ((x / a / a) * (x / a / a) + (y / b / b) * (y / b / b)).squareRoot()
            return slope > 0 ? level * (level - 1) / slope : -b
        default:
            // A heart: two discs on the upper sides of a square that stands on its corner. The discs' centres are
            // the middles of these sides and their diameter is a side, so that all meet smoothly.
            let half: Float = 0.56
            let lowered = y - 0.12
            let (u, v) = ((x + lowered) * Float(0.5).squareRoot(), (lowered - x) * Float(0.5).squareRoot())
            let square = max(abs(u), abs(v)) - half
            let right = (u * u + (v + half) * (v + half)).squareRoot() - half
            let left = ((u + half) * (u + half) + v * v).squareRoot() - half
            return min(square, min(left, right))
        }
    }
}
