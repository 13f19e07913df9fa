import Foundation

/// Reading of image files, whatever their name says they are.
public enum ImageFile {
    /// Reads a PNG or JPEG file, told apart by its first bytes.
    ///
    /// - Parameters:
    ///   - url: the file.
    ///   - channels: 1 or 3; without it, as the file has it.
    ///   - size: a hint that the image will be shrunk to no less than this; see `JPEG.decode`.
    /// - Returns: the image.
    /// - Throws: `FormatError.file`.
    public static func read(
        _ url: URL, channels: Int? = nil, atLeast size: (width: Int, height: Int)? = nil
    ) throws -> ImageBuffer {
        try InputFile.parse(url) { try decode($0, channels: channels, atLeast: size) }
    }

    /// Reads PNG or JPEG data, told apart by its first bytes.
    ///
    /// - Throws: `FormatError`.
    public static func decode(
        _ data: Data, channels: Int? = nil, atLeast size: (width: Int, height: Int)? = nil
    ) throws -> ImageBuffer {
        if PNG.isPNG(data) { return try PNG.decode(data, channels: channels) }
        if JPEG.isJPEG(data) { return try JPEG.decode(data, channels: channels, atLeast: size) }
        throw FormatError.notAnImage(found: data.start(4))
    }
}
