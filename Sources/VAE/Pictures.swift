import Figures
import Formats
import Foundation
import Tensors

/// Examples as pictures.
public enum Pictures {
    /// Images `[count, channels, height, width]` with values in [0, 1] as buffers; values outside are cut.
    ///
    /// - Precondition: One or three channels.
    public static func images(_ examples: Tensor) -> [ImageBuffer] {
        let bytes = (examples * 255).rounded().clamped(from: 0, to: 255).converted(to: .uint8)
        let pixels = bytes.permuted([0, 2, 3, 1]).contiguous()
        let shape = pixels.shape
        let size = shape[1] * shape[2] * shape[3]
        let all = pixels.array(of: UInt8.self)
        return (0..<shape[0]).map { index in
            ImageBuffer(
                width: shape[2], height: shape[1], channels: shape[3],
                pixels: Array(all[index * size..<(index + 1) * size]))
        }
    }

    /// Writes images as one PNG, row by row.
    ///
    /// - Throws: `FormatError.file` when the file cannot be written; an old one then stays.
    public static func write(_ examples: Tensor, columns: Int, scale: Int = 1, to url: URL) throws {
        try AtomicFile.write(
            PNG.encode(ImageGrid(columns: columns, scale: scale).tiled(images(examples))), to: url)
    }
}
