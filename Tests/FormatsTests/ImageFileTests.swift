import Formats
import Foundation
import TestSupport
import Testing

@Suite struct ImageFileTests {
    static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Golden/formats")

    static let images = [
        ImageBufferTests.gradient(width: 1, height: 1, channels: 1),
        ImageBufferTests.gradient(width: 31, height: 17, channels: 1),
        ImageBufferTests.gradient(width: 17, height: 31, channels: 3),
    ]

    /// Smooth enough for JPEG to keep within a few levels.
    static func smooth(width: Int, height: Int, channels: Int) -> ImageBuffer {
        let samples = (0..<width * height * channels).map { i in
            UInt8(40 + 100 * (i / channels % width) / width + 60 * (i / channels / width) / height)
        }
        return ImageBuffer(width: width, height: height, channels: channels, pixels: samples)
    }

    @Test(arguments: images)
    func pngDecodeInvertsEncode(image: ImageBuffer) throws {
        #expect(try PNG.decode(PNG.encode(image)) == image)
        #expect(try ImageFile.decode(PNG.encode(image)) == image)
    }

    /// Noise does not compress, so this also tests the bound on the size of the result.
    @Test func pngKeepsNoise() throws {
        var generator = SystemRandomNumberGenerator()
        let samples = (0..<300 * 200 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let image = ImageBuffer(width: 300, height: 200, channels: 3, pixels: samples)
        #expect(try PNG.decode(PNG.encode(image)) == image)
    }

    @Test(arguments: [
        ("grey1.png", 1, [255, 0, 255, 255, 0, 0, 0, 0]), ("grey16.png", 1, [128, 255]),
        ("rgb16.png", 3, [0x40, 0x80, 0xC0]), ("grey-alpha.png", 1, [10, 255]),
        ("rgba.png", 3, [1, 2, 3, 255, 255, 255]), ("palette.png", 3, [255, 0, 0, 0, 0, 255]),
        ("palette-alpha.png", 3, [255, 255, 255, 0, 0, 255]), ("interlaced.png", 1, [1, 2, 3, 4]),
    ])
    func everyKindOfPNGDecodes(name: String, channels: Int, pixels: [UInt8]) throws {
        let image = try ImageFile.read(Self.golden.appendingPathComponent(name))
        #expect(image.channels == channels)
        #expect(image.pixels == pixels)
    }

    @Test(arguments: [("rgb-420-progressive.jpg", [200, 100, 50]), ("grey.jpg", [130])])
    func everyKindOfJPEGDecodes(name: String, colour: [UInt8]) throws {
        let image = try ImageFile.read(Self.golden.appendingPathComponent(name))
        #expect(image.width == 16 && image.height == 8 && image.channels == colour.count)
        for (index, sample) in image.pixels.enumerated() {
            #expect(abs(Int(sample) - Int(colour[index % colour.count])) <= 2)
        }
    }

    @Test func transparentPartsShowTheBackground() throws {
        let data = try Data(contentsOf: Self.golden.appendingPathComponent("rgba.png"))
        #expect(try PNG.decode(data, background: 9).pixels == [1, 2, 3, 9, 9, 9])
    }

    @Test(arguments: [1, 3])
    func jpegDecodeNearlyInvertsEncode(channels: Int) throws {
        let image = Self.smooth(width: 50, height: 37, channels: channels)
        let decoded = try ImageFile.decode(JPEG.encode(image, quality: 95))
        #expect(decoded.width == 50 && decoded.height == 37 && decoded.channels == channels)
        for (a, b) in zip(image.pixels, decoded.pixels) { #expect(abs(Int(a) - Int(b)) <= 4) }
    }

    @Test(arguments: [1, 3], [1, 3])
    func channelsAreAsAsked(stored: Int, asked: Int) throws {
        let image = Self.smooth(width: 20, height: 20, channels: stored)
        for data in [PNG.encode(image), JPEG.encode(image, quality: 100)] {
            let decoded = try ImageFile.decode(data, channels: asked)
            let expected = image.converted(channels: asked)
            #expect(decoded.channels == asked)
            for (a, b) in zip(decoded.pixels, expected.pixels) { #expect(abs(Int(a) - Int(b)) <= 2) }
        }
    }

    @Test(arguments: [
        (20, 20, 25, 25), (100, 50, 100, 100), (300, 1, 200, 200), (26, 13, 50, 50), (1, 1, 25, 25),
    ])
    func jpegIsShrunkToNoLessThanAsked(width: Int, height: Int, resultWidth: Int, resultHeight: Int) throws {
        let image = Self.smooth(width: 200, height: 200, channels: 3)
        let decoded = try JPEG.decode(JPEG.encode(image), atLeast: (width, height))
        #expect(decoded.width == resultWidth && decoded.height == resultHeight)
        let expected = image.resized(width: resultWidth, height: resultHeight)
        for (a, b) in zip(decoded.pixels, expected.pixels) { #expect(abs(Int(a) - Int(b)) <= 6) }
    }

    @Test func everyTruncationIsRefused() {
        let image = Self.smooth(width: 16, height: 16, channels: 3)
        for whole in [PNG.encode(image), JPEG.encode(image)] {
            // The last 12 bytes of a PNG, its end chunk, and the last two of a JPEG, its end marker, carry nothing:
            // libpng does not ask for the one, but TurboJPEG does for the other.
            for length in 0..<whole.count - (PNG.isPNG(whole) ? 12 : 0) {
                #expect(throws: FormatError.self) { try ImageFile.decode(whole.prefix(length)) }
            }
        }
    }

    @Test func everyDamagedByteOfThePixelsIsRefused() throws {
        let whole = PNG.encode(Self.smooth(width: 16, height: 16, channels: 3))
        let chunk = try #require(whole.firstRange(of: Data("IDAT".utf8)))
        // From the chunk's name to its checksum; the end chunk takes the last 12 bytes.
        for index in chunk.lowerBound..<whole.endIndex - 12 {
            var damaged = whole
            damaged[index] ^= 0x55
            #expect(throws: FormatError.self) { try PNG.decode(damaged) }
        }
    }

    @Test(arguments: [
        ("bomb.png", "10000000000 pixels, more than the limit of 100000000"),
        ("cmyk.jpg", "convert the image to RGB"),
        ("make_images.py", "not an image: it begins with 0x22222257"),
    ])
    func filesThatCannotBeUsedAreRefused(name: String, message: String) throws {
        let url = Self.golden.appendingPathComponent(name)
        let error = #expect(throws: FormatError.self) { try ImageFile.read(url) }
        #expect("\(try #require(error))".hasPrefix(url.path + ": "))
        #expect("\(try #require(error))".contains(message))
    }

    @Test(arguments: [
        Data(), Data([0x89, 0x50, 0x4E, 0x47]), Data([0xFF, 0xD8, 0xFF]), Data([0xFF, 0xD8, 0xFF, 0xD9]),
        Data("GIF89a".utf8),
    ])
    func malformedDataIsRefused(data: Data) {
        #expect(throws: FormatError.self) { try ImageFile.decode(data) }
        #expect(throws: FormatError.self) { try PNG.decode(data) }
        #expect(throws: FormatError.self) { try JPEG.decode(data) }
    }
}
