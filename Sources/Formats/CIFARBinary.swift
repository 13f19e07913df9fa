import Foundation

/// The binary version of CIFAR-10: records of a label and the planes of a 32×32 image.
///
/// Source: Krizhevsky 2009, Learning multiple layers of features from tiny images.
public enum CIFARBinary {
    /// Images and their classes, in the order of the file.
    public struct Batch: Equatable, Sendable {
        /// Classes, 0 to 9.
        public let labels: [UInt8]

        /// Pixels, `[N, 3, 32, 32]`, one byte each.
        public let images: RawArray
    }

    /// Reads one batch file, compressed with gzip or not.
    ///
    /// - Throws: `FormatError.file` where it cannot be read or is not a whole number of records.
    public static func read(_ url: URL) throws -> Batch {
        try InputFile.parse(url, decode)
    }

    /// Reads the records of one batch.
    ///
    /// - Throws: `FormatError` where the data is empty, ends within a record, or has a label above 9.
    public static func decode(_ data: Data) throws -> Batch {
        let data = try Gzip.inflateIfCompressed(data)
        let imageBytes = 3 * 32 * 32
        let (count, rest) = data.count.quotientAndRemainder(dividingBy: 1 + imageBytes)
        guard rest == 0, count > 0 else {
            throw FormatError.truncated(.cifar, needed: (count + 1) * (1 + imageBytes), found: data.count)
        }
        var labels: [UInt8] = []
        var pixels = Data(capacity: count * imageBytes)
        for record in 0..<count {
            let start = data.startIndex + record * (1 + imageBytes)
            guard data[start] < 10 else {
                throw FormatError.corrupt(
                    .cifar, reason: "record \(record) has label \(data[start]), expected 0 to 9")
            }
            labels.append(data[start])
            pixels.append(data[start + 1..<start + 1 + imageBytes])
        }
        return Batch(
            labels: labels, images: RawArray(shape: [count, 3, 32, 32], scalarType: .u8, data: pixels))
    }
}
