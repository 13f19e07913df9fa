import CTurboJPEG
import Foundation

/// JPEG images, through TurboJPEG.
public enum JPEG {
    /// Whether the bytes begin as a JPEG file does.
    public static func isJPEG(_ data: Data) -> Bool { data.starts(with: [0xFF, 0xD8, 0xFF]) }

    /// Reads an image as 8-bit grey or RGB.
    ///
    /// The image is turned as its EXIF data say. Damaged data is refused, except for superfluous bytes between
    /// markers, which many programs leave and which harm nothing.
    ///
    /// - Parameters:
    ///   - data: the whole file.
    ///   - channels: 1 or 3; without it, 1 for a grey file and 3 for others.
    ///   - size: if given, the result may be smaller than the image, though not smaller than this on either
    ///     side: one of JPEG's own fractions, which is much faster when a large image is to be shrunk.
    /// - Returns: the image.
    /// - Throws: `FormatError` where the data is not a whole JPEG image, is CMYK, or has too many pixels.
    public static func decode(
        _ data: Data, channels: Int? = nil, atLeast size: (width: Int, height: Int)? = nil
    ) throws -> ImageBuffer {
        guard isJPEG(data) else {
            throw FormatError.wrongMagic(.jpeg, expected: "0xFFD8FF", found: data.start(3))
        }
        let handle = tjInitDecompress()
        defer { tjDestroy(handle) }
        return try data.withUnsafeBytes { bytes in
            let source = bytes.bindMemory(to: UInt8.self)
            let length = UInt(source.count)
            var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
            let status = tjDecompressHeader3(
                handle, source.baseAddress, length, &width, &height, &sampling, &space)
            try check(status, handle)
            guard Int(width) * Int(height) <= ImageBuffer.pixelLimit else {
                throw FormatError.overLimit(
                    .jpeg, what: "pixels", found: Int(width) * Int(height), limit: ImageBuffer.pixelLimit)
            }
            guard space != TJCS_CMYK.rawValue, space != TJCS_YCCK.rawValue else {
                throw FormatError.unsupported(.jpeg, what: "CMYK colour", remedy: "convert the image to RGB")
            }
            let orientation = EXIF.orientation(inJPEG: data)
            if let size {
                let stored = orientation >= 5 ? (width: size.height, height: size.width) : size
                (width, height) = scaled(width, height, atLeast: stored)
            }
            let stored = channels ?? (space == TJCS_GRAY.rawValue ? 1 : 3)
            let format = stored == 1 ? TJPF_GRAY : TJPF_RGB
            var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * stored)
            // A crafted progressive file could otherwise take minutes with thousands of scans.
            let decoded = tjDecompress2(
                handle, source.baseAddress, length, &pixels, width, 0, height, Int32(format.rawValue),
                TJFLAG_LIMITSCANS)
            try check(decoded, handle)
            let image = ImageBuffer(
                width: Int(width), height: Int(height), channels: stored, pixels: pixels)
            return image.oriented(orientation)
        }
    }

    /// Writes an image, without chroma subsampling.
    ///
    /// - Parameters:
    ///   - image: what to write.
    ///   - quality: 1 to 100.
    /// - Returns: a whole JFIF file.
    public static func encode(_ image: ImageBuffer, quality: Int = 90) -> Data {
        let handle = tjInitCompress()
        defer { tjDestroy(handle) }
        var buffer: UnsafeMutablePointer<UInt8>?
        defer { tjFree(buffer) }
        var size: UInt = 0
        let isGrey = image.channels == 1
        let status = tjCompress2(
            handle, image.pixels, Int32(image.width), 0, Int32(image.height),
            Int32(isGrey ? TJPF_GRAY.rawValue : TJPF_RGB.rawValue), &buffer, &size,
            Int32(isGrey ? TJSAMP_GRAY.rawValue : TJSAMP_444.rawValue), Int32(quality), 0)
        precondition(status == 0, "TurboJPEG could not write an image of \(image.width) by \(image.height).")
        return Data(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    /// The smallest of the decoder's sizes that covers `size`, or the full one.
    private static func scaled(
        _ width: Int32, _ height: Int32, atLeast size: (width: Int, height: Int)
    ) -> (Int32, Int32) {
        var count: Int32 = 0
        let factors = UnsafeBufferPointer(start: tjGetScalingFactors(&count), count: Int(count))
        let fractions = factors.filter { $0.num <= $0.denom }.sorted { $0.num * $1.denom < $1.num * $0.denom }
        for factor in fractions {
            let candidate = (
                (width * factor.num + factor.denom - 1) / factor.denom,
                (height * factor.num + factor.denom - 1) / factor.denom
            )
            if candidate.0 >= size.width && candidate.1 >= size.height { return candidate }
        }
        return (width, height)
    }

    private static func check(_ status: Int32, _ handle: tjhandle?) throws {
        guard status != 0 else { return }
        let message = String(cString: tjGetErrorStr2(handle))
        let isHarmless =
            tjGetErrorCode(handle) == TJERR_WARNING.rawValue && message.contains("extraneous bytes")
        guard isHarmless else { throw FormatError.corrupt(.jpeg, reason: message) }
    }
}
