import Foundation

/// The orientation that a camera notes in a JPEG file.
///
/// Source: CIPA DC-008 (Exif 2.32), section 4.6: tag 0x0112 of the first directory of the APP1 segment.
enum EXIF {
    /// How the stored rows and columns are to be shown, 1 to 8; 1, as they are, where nothing else is noted.
    static func orientation(inJPEG data: Data) -> Int {
        var reader = ByteReader(data, .jpeg)
        guard (try? reader.bytes(2)) != nil else { return 1 }
        // Segments: a mark of two bytes and a length that counts itself.
        while let mark = try? reader.bigEndian(bytes: 2), mark & 0xFF00 == 0xFF00, mark != 0xFFDA,
            let length = try? reader.bigEndian(bytes: 2), length >= 2,
            let content = try? reader.bytes(length - 2)
        {
            guard mark == 0xFFE1, content.starts(with: Data("Exif".utf8) + [0, 0]) else { continue }
            return orientation(inTIFF: Data(content.dropFirst(6))) ?? 1
        }
        return 1
    }

    private static func orientation(inTIFF data: Data) -> Int? {
        let isLittleEndian = data.starts(with: [0x49, 0x49])
        guard isLittleEndian || data.starts(with: [0x4D, 0x4D]) else { return nil }
        func number(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset <= data.count - count else { return nil }
            let bytes = data.dropFirst(offset).prefix(count)
            let ordered = isLittleEndian ? bytes.reversed() : Array(bytes)
            return ordered.reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
            let count = number(at: directory, bytes: 2)
        else { return nil }
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard let tag = number(at: start, bytes: 2) else { return nil }
            if tag == 0x0112 { return number(at: start + 8, bytes: 2).flatMap { 1...8 ~= $0 ? $0 : nil } }
        }
        return nil
    }
}

extension ImageBuffer {
    /// The image as it is to be shown.
    ///
    /// - Parameter orientation: 1 to 8, as EXIF counts: 2 mirrored, 3 turned by half, 4 upside down, 5 to 8 with rows
    ///   and columns exchanged.
    /// - Returns: An image of the same pixels.
    func oriented(_ orientation: Int) -> ImageBuffer {
        guard orientation > 1 else { return self }
        let isExchanged = orientation >= 5
        let (newWidth, newHeight) = isExchanged ? (height, width) : (width, height)
        let isMirrored = [2, 3, 7, 8].contains(orientation)
        let isFlipped = [3, 4, 6, 7].contains(orientation)
        var result = ImageBuffer(width: newWidth, height: newHeight, channels: channels)
        for row in 0..<newHeight {
            for column in 0..<newWidth {
                // Where the pixel stands in the file.
                var (x, y) = isExchanged ? (row, column) : (column, row)
                if isMirrored { x = width - 1 - x }
                if isFlipped { y = height - 1 - y }
                let source = (y * width + x) * channels
                let target = (row * newWidth + column) * channels
                for channel in 0..<channels { result.pixels[target + channel] = pixels[source + channel] }
            }
        }
        return result
    }
}
