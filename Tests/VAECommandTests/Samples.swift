import Formats
import Foundation

/// Small files for the program to read.
enum Sample {
    /// An IDX file of grey images, all values those of `level`.
    static func idx(count: Int, side: Int = 8, level: (Int) -> UInt8 = { UInt8($0 * 37 % 256) }) -> Data {
        var data = Data([0, 0, 8, 3])
        for size in [count, side, side] {
            data.append(contentsOf: [0, 0, UInt8(size >> 8), UInt8(size & 255)])
        }
        data.append(contentsOf: (0..<count * side * side).map(level))
        return data
    }

    /// An IDX file of labels.
    static func labels(count: Int) -> Data {
        Data([0, 0, 8, 1, 0, 0, UInt8(count >> 8), UInt8(count & 255)] + (0..<count).map { UInt8($0 % 10) })
    }

    /// An NPY file of images `[count, channels, side, side]` of bytes.
    static func images(count: Int, channels: Int, side: Int = 8) -> Data {
        let shape = [count, channels, side, side]
        let values = (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 64 * 11) }
        return NPY.encode(RawArray(shape: shape, values: values))
    }

    /// A grey picture.
    static func png(side: Int, seed: Int) -> Data {
        PNG.encode(
            ImageBuffer(
                width: side, height: side, channels: 1,
                pixels: (0..<side * side).map { UInt8(($0 * 31 + seed * 17) % 256) }))
    }

    /// An array of float32.
    static func npy(_ shape: [Int], _ values: [Float]) -> Data {
        NPY.encode(RawArray(shape: shape, values: values))
    }

    /// A table of three columns.
    static func csv(rows: Int, replacing place: Int? = nil, with text: String = "") -> Data {
        let lines = (0..<rows).map { row in
            row == place ? "1,\(text),3" : "\(row),\(row * 7 % 5),\(row * 3 % 11)"
        }
        return Data((["a,b,c"] + lines).joined(separator: "\n").utf8)
    }
}
