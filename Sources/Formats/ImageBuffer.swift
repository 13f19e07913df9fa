/// An image of 8-bit samples, grey or RGB.
///
/// `pixels` holds rows from top to bottom, pixels from left to right, channels next to one another (HWC).
public struct ImageBuffer: Equatable, Sendable {
    /// The most pixels that a reader accepts, so that a small file cannot fill the memory: 100 million.
    public static let pixelLimit = 100_000_000

    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// 1 for grey, 3 for RGB.
    public let channels: Int
    /// The samples.
    public var pixels: [UInt8]

    /// Wraps samples.
    ///
    /// - Precondition: the sides are positive, `channels` is 1 or 3, and `pixels` fill the image exactly.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "Image of \(width) by \(height) pixels.")
        precondition(channels == 1 || channels == 3, "Image of \(channels) channels.")
        precondition(
            pixels.count == width * height * channels,
            "\(pixels.count) samples for \(width) by \(height) pixels of \(channels) channels.")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// Fills an image with one sample value.
    public init(width: Int, height: Int, channels: Int, filledWith sample: UInt8 = 0) {
        self.init(
            width: width, height: height, channels: channels,
            pixels: [UInt8](repeating: sample, count: width * height * channels))
    }

    /// The same image with 1 or 3 channels.
    ///
    /// Grey is 0.299 R + 0.587 G + 0.114 B of the stored samples (ITU-R BT.601, as JPEG and PIL have it).
    public func converted(channels wanted: Int) -> ImageBuffer {
        if wanted == channels { return self }
        if wanted == 3 {
            let samples = pixels.flatMap { repeatElement($0, count: 3) }
            return ImageBuffer(width: width, height: height, channels: 3, pixels: samples)
        }
        let samples = stride(from: 0, to: pixels.count, by: 3).map { i in
            let sum = 299 * Int(pixels[i]) + 587 * Int(pixels[i + 1]) + 114 * Int(pixels[i + 2])
            return UInt8((sum + 500) / 1000)
        }
        return ImageBuffer(width: width, height: height, channels: wanted, pixels: samples)
    }

    /// The middle of the image; of an odd remainder the smaller half is cut from the top and left.
    ///
    /// - Precondition: the image is at least as large.
    public func centreCropped(width cropWidth: Int, height cropHeight: Int) -> ImageBuffer {
        precondition(
            cropWidth <= width && cropHeight <= height,
            "\(cropWidth) by \(cropHeight) cannot be cut from an image of \(width) by \(height).")
        let left = (width - cropWidth) / 2
        let top = (height - cropHeight) / 2
        var samples: [UInt8] = []
        samples.reserveCapacity(cropWidth * cropHeight * channels)
        for row in top..<top + cropHeight {
            let start = (row * width + left) * channels
            samples += pixels[start..<start + cropWidth * channels]
        }
        return ImageBuffer(width: cropWidth, height: cropHeight, channels: channels, pixels: samples)
    }
}
