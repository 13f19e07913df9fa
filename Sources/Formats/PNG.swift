import CPNG
import Foundation

/// PNG images, through libpng's simplified interface.
public enum PNG {
    /// Whether the bytes begin as a PNG file does.
    public static func isPNG(_ data: Data) -> Bool { data.starts(with: [0x89, 0x50, 0x4E, 0x47]) }

    /// Reads an image of any colour type and bit depth as 8-bit grey or RGB.
    ///
    /// Transparent parts show `background`, mixed in linear light. Palettes are resolved; 16-bit samples are
    /// taken as gamma-encoded unless the file says otherwise, and rounded to 8 bits.
    ///
    /// - Parameters:
    ///   - data: the whole file.
    ///   - channels: 1 or 3; without it, 1 for a grey file and 3 for others.
    ///   - background: the grey behind transparent parts; white unless given.
    /// - Returns: the image, as large as in the file.
    /// - Throws: `FormatError` where the data is not a whole PNG image or has too many pixels.
    public static func decode(_ data: Data, channels: Int? = nil, background: UInt8 = 255) throws
        -> ImageBuffer
    {
        guard isPNG(data) else {
            throw FormatError.wrongMagic(.png, expected: "0x89504E47", found: data.start(4))
        }
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        return try data.withUnsafeBytes { bytes in
            guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
                throw failure(image)
            }
            let (width, height) = (Int(image.width), Int(image.height))
            guard width <= ImageBuffer.pixelLimit / height else {
                throw FormatError.overLimit(
                    .png, what: "pixels", found: width * height, limit: ImageBuffer.pixelLimit)
            }
            let isColour = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
            let stored = isColour ? 3 : 1
            image.format = png_uint_32(isColour ? PNG_FORMAT_FLAG_COLOR : 0)
            image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
            var pixels = [UInt8](repeating: 0, count: width * height * stored)
            var behind = png_color(red: background, green: background, blue: background)
            guard png_image_finish_read(&image, &behind, &pixels, 0, nil) != 0 else { throw failure(image) }
            let buffer = ImageBuffer(width: width, height: height, channels: stored, pixels: pixels)
            return buffer.converted(channels: channels ?? stored)
        }
    }

    /// Writes an image with 8 bits a sample; the same image always gives the same bytes.
    public static func encode(_ image: ImageBuffer) -> Data {
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        header.width = png_uint_32(image.width)
        header.height = png_uint_32(image.height)
        header.format = png_uint_32(image.channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0)
        // Deflate adds at most a few bytes to each block, libpng a filter byte to each row and some chunks.
        var size = 2 * (image.pixels.count + image.height) + 4096
        var data = Data(count: size)
        let succeeded = data.withUnsafeMutableBytes { bytes in
            png_image_write_to_memory(&header, bytes.baseAddress, &size, 0, image.pixels, 0, nil)
        }
        precondition(succeeded != 0, "libpng could not write an image of \(image.width) by \(image.height).")
        return data.prefix(size)
    }

    private static func failure(_ image: png_image) -> FormatError {
        let message = withUnsafeBytes(of: image.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .corrupt(.png, reason: message)
    }
}
