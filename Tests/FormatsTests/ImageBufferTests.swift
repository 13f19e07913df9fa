import Formats
import Testing

@Suite struct ImageBufferTests {
    static let sizes = [(1, 1), (1, 9), (5, 4), (7, 13), (32, 32), (3, 40)]

    static func gradient(width: Int, height: Int, channels: Int) -> ImageBuffer {
        let samples = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 * 7) }
        return ImageBuffer(width: width, height: height, channels: channels, pixels: samples)
    }

    @Test(arguments: sizes, [1, 3])
    func resizingKeepsAConstant(size: (Int, Int), channels: Int) {
        let image = ImageBuffer(width: 11, height: 8, channels: channels, filledWith: 77)
        let expected = ImageBuffer(width: size.0, height: size.1, channels: channels, filledWith: 77)
        #expect(image.resized(width: size.0, height: size.1) == expected)
    }

    @Test(arguments: sizes, [1, 3])
    func resizingToTheSameSizeIsTheIdentity(size: (Int, Int), channels: Int) {
        let image = Self.gradient(width: size.0, height: size.1, channels: channels)
        #expect(image.resized(width: size.0, height: size.1) == image)
    }

    @Test(arguments: sizes)
    func resizingCommutesWithTransposition(size: (Int, Int)) {
        let image = Self.gradient(width: 10, height: 6, channels: 3)
        let one = transposed(image.resized(width: size.0, height: size.1))
        let other = transposed(image).resized(width: size.1, height: size.0)
        for (a, b) in zip(one.pixels, other.pixels) { #expect(abs(Int(a) - Int(b)) <= 1) }
    }

    @Test func resizingKeepsALinearRampAwayFromTheEdges() {
        let ramp = ImageBuffer(width: 64, height: 1, channels: 1, pixels: (0..<64).map { UInt8($0 * 3) })
        let half = ramp.resized(width: 32, height: 1)
        for i in 1..<31 { #expect(abs(Int(half.pixels[i]) - (i * 6 + 1)) <= 1) }
        let double = ramp.resized(width: 128, height: 1)
        for i in 1..<127 {
            let expected = (Double(i) / 2 - 0.25) * 3
            #expect(abs(Double(double.pixels[i]) - expected) <= 0.5)
        }
    }

    /// Without a filter as wide as the output pixel, fine stripes would survive as black, white or a moiré.
    @Test func shrinkingAveragesFineStripes() {
        let stripes = ImageBuffer(
            width: 240, height: 3, channels: 1, pixels: (0..<720).map { $0 % 2 == 0 ? 0 : 200 })
        for sample in stripes.resized(width: 30, height: 2).pixels { #expect(abs(Int(sample) - 100) <= 4) }
    }

    @Test func halvingWeighsAsATriangleDoes() {
        let image = ImageBuffer(width: 8, height: 1, channels: 1, pixels: [0, 0, 0, 160, 0, 0, 0, 0])
        // The centres of the outputs lie at 1, 3, 5, 7; the pulse at 3.5 is 2.5, 0.5, 1.5 and 3.5 away, and the
        // weights are 1 - distance / 2, over their sum: 2, or 1.75 at the edges.
        #expect(image.resized(width: 4, height: 1).pixels == [0, 60, 20, 0])
    }

    @Test func croppingTakesTheMiddle() {
        let image = ImageBuffer(width: 4, height: 3, channels: 1, pixels: (0..<12).map { UInt8($0) })
        #expect(image.centreCropped(width: 2, height: 1).pixels == [5, 6])
        #expect(image.centreCropped(width: 1, height: 2).pixels == [1, 5])
        #expect(image.centreCropped(width: 4, height: 3) == image)
    }

    @Test(arguments: sizes)
    func coveringCropsHaveTheAskedSize(size: (Int, Int)) {
        let image = Self.gradient(width: 19, height: 7, channels: 3)
        let result = image.resizedAndCropped(width: size.0, height: size.1)
        #expect(result.width == size.0 && result.height == size.1 && result.channels == 3)
    }

    @Test func coveringCropsKeepProportions() {
        // A white square in the middle third of a wide image fills the middle of a square crop.
        var image = ImageBuffer(width: 30, height: 10, channels: 1)
        for row in 0..<10 { for column in 10..<20 { image.pixels[row * 30 + column] = 255 } }
        #expect(image.resizedAndCropped(width: 10, height: 10).pixels.allSatisfy { $0 == 255 })
    }

    @Test func greyIsTheLumaOfColour() {
        let colours = ImageBuffer(
            width: 3, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255])
        #expect(colours.converted(channels: 1).pixels == [76, 150, 29])
        let greys = ImageBuffer(width: 256, height: 1, channels: 1, pixels: (0...255).map { UInt8($0) })
        #expect(greys.converted(channels: 3).converted(channels: 1) == greys)
        #expect(greys.converted(channels: 1) == greys)
    }

    private func transposed(_ image: ImageBuffer) -> ImageBuffer {
        var result = ImageBuffer(width: image.height, height: image.width, channels: image.channels)
        for row in 0..<image.height {
            for column in 0..<image.width {
                for channel in 0..<image.channels {
                    result.pixels[(column * image.height + row) * image.channels + channel] =
                        image.pixels[(row * image.width + column) * image.channels + channel]
                }
            }
        }
        return result
    }
}
