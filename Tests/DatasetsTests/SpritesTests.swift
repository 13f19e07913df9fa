import Datasets
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Sprites")
struct SpritesTests {
    static func pixels(_ indices: [Int], size: Int = 32) -> [[UInt8]] {
        let all = Sprites(size: size).examples(at: indices).array(of: UInt8.self)
        return stride(from: 0, to: all.count, by: size * size).map { Array(all[$0..<$0 + size * size]) }
    }

    @Test("Numbers count the combinations of factors, the last running fastest")
    func factors() {
        #expect(Sprites().count == 3 * 6 * 32 * 16 * 16)
        #expect(Sprites().grid.values(at: 0) == [0, 0, 0, 0, 0])
        #expect(Sprites().grid.values(at: 17) == [0, 0, 0, 1, 1])
        #expect(Sprites().grid.values(at: Sprites().count - 1) == [2, 5, 31, 15, 15])
        #expect(Sprites.factors.map(\.name) == ["shape", "scale", "rotation", "x", "y"])
        #expect(Sprites().labels?.filter { $0 == 2 }.count == Sprites().count / 3)
    }

    @Test("The named set knows the factors, also with a validation split set aside")
    func splits() throws {
        let set = try DataLibrary(environment: [:]).open("sprites", ReadingOptions(imageSize: 16))
        for splits in [set, try set.settingAside(100, using: Generator(seed: 1))] {
            let grid = try #require(splits.grid)
            #expect(grid.factors == Sprites.factors)
            #expect(grid.source.exampleShape == [1, 16, 16])
        }
    }

    @Test("A picture depends on its number alone, not on its company")
    func pure() {
        let together = Self.pixels([5, 70_000, 147_455])
        #expect(together == [5, 70_000, 147_455].flatMap { Self.pixels([$0]) })
    }

    @Test("No two pictures are the same")
    func distinct() {
        var seen = Set<[UInt8]>()
        let count = Sprites().count
        // All places of some, and all shapes, scales and rotations at one place.
        for start in stride(from: 0, to: count, by: 12_288) {
            seen.formUnion(Self.pixels(Array(start..<start + 256)))
        }
        #expect(seen.count == 12 * 256)
        seen = Set(Self.pixels(Array(stride(from: 119, to: count, by: 256))))
        #expect(seen.count == 3 * 6 * 32)
    }

    @Test("A shape is lit and never cut at the edge", arguments: [16, 32, 64])
    func inside(size: Int) {
        // The largest scale in the corners, at all rotations.
        let indices = (0..<3).flatMap { shape in
            (0..<32).flatMap { turn in
                [0, 15, 240, 255].map { ((shape * 6 + 5) * 32 + turn) * 256 + $0 }
            }
        }
        for picture in Self.pixels(indices, size: size) {
            #expect(picture.max() == 255)
            let last = size - 1
            let rim = (0..<size).flatMap { i -> [Int] in [i, last * size + i, i * size, i * size + last] }
            #expect(rim.allSatisfy { picture[$0] == 0 })
        }
    }

    @Test("A step in x or y moves the centre of light by that step")
    func moves() {
        func centre(_ index: Int) -> (x: Double, y: Double) {
            let picture = Self.pixels([index], size: 64)[0]
            let total = picture.reduce(0) { $0 + Double($1) }
            let x = picture.enumerated().reduce(0) { $0 + Double($1.0 % 64) * Double($1.1) }
            let y = picture.enumerated().reduce(0) { $0 + Double($1.0 / 64) * Double($1.1) }
            return (x / total, y / total)
        }
        let step = (64 - 2 * (64 * 0.265 + 1.25)) / 15
        for base in [0, 60_000, 110_080] {
            let start = base / 256 * 256
            expectClose(centre(start + 16).x - centre(start).x, step, absolute: 0.05)
            expectClose(centre(start + 1).y - centre(start).y, step, absolute: 0.05)
        }
    }
}
