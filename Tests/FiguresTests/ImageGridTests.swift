import Figures
import Formats
import Testing

@Suite struct ImageGridTests {
    static func image(_ pixels: [UInt8], width: Int = 2, channels: Int = 1) -> ImageBuffer {
        ImageBuffer(
            width: width, height: pixels.count / width / channels, channels: channels, pixels: pixels)
    }

    @Test("Tiles stand row by row with padding between and around, pixel by pixel")
    func tiles() {
        let images = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]].map { Self.image($0) }
        let grid = ImageGrid(columns: 2, padding: 1, background: 0).tiled(images)
        #expect(grid.width == 7 && grid.height == 7 && grid.channels == 1)
        #expect(
            grid.pixels == [
                0, 0, 0, 0, 0, 0, 0,
                0, 1, 2, 0, 5, 6, 0,
                0, 3, 4, 0, 7, 8, 0,
                0, 0, 0, 0, 0, 0, 0,
                0, 9, 10, 0, 0, 0, 0,
                0, 11, 12, 0, 0, 0, 0,
                0, 0, 0, 0, 0, 0, 0,
            ])
    }

    @Test("Enlarging repeats each pixel")
    func enlarging() {
        let grid = ImageGrid(columns: 1, padding: 0, scale: 2).tiled([Self.image([1, 2], width: 2)])
        #expect(grid == Self.image([1, 1, 2, 2, 1, 1, 2, 2], width: 4))
    }

    @Test("A grid with a coloured image is coloured, and grey images stay grey in it")
    func colours() {
        let coloured = Self.image([1, 2, 3], width: 1, channels: 3)
        let grid = ImageGrid(columns: 2, padding: 0).tiled([Self.image([9], width: 1), coloured])
        #expect(grid == Self.image([9, 9, 9, 1, 2, 3], width: 2, channels: 3))
    }

    @Test("A row shorter than the grid makes the grid no wider than its images")
    func fewImages() {
        let grid = ImageGrid(columns: 8, padding: 3).tiled([Self.image([1], width: 1)])
        #expect(grid.width == 7 && grid.height == 7)
    }

    @Test("A reconstruction stands below its original, and double rows stand farther apart than partners")
    func pairs() {
        let grid = ImageGrid(columns: 1, padding: 2, background: 0)
            .paired(
                originals: [Self.image([1], width: 1), Self.image([3], width: 1)],
                reconstructions: [Self.image([2], width: 1), Self.image([4], width: 1)])
        let column = stride(from: 2, to: grid.pixels.count, by: grid.width).map { grid.pixels[$0] }
        #expect(grid.width == 5)
        #expect(column == [0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0])
    }

    @Test("Impossible grids trap")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = ImageGrid(columns: 1).tiled([]) }
        await #expect(processExitsWith: .failure) {
            let sizes = [1, 2].map { ImageBuffer(width: $0, height: 1, channels: 1) }
            _ = ImageGrid(columns: 2).tiled(sizes)
        }
    }
}
