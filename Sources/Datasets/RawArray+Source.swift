import Formats
import Foundation
import Tensors

extension RawArray {
    /// The examples of an array: images of bytes, or rows of numbers.
    ///
    /// Images may be `[N, H, W]`, `[N, C, H, W]` or, as most image libraries have them, `[N, H, W, C]`, with one
    /// channel or three; rows are `[N, D]`. Bytes that are all 0 or 1 are taken as binary.
    ///
    /// - Parameters:
    ///   - name: What messages call the set: the path of the file.
    ///   - labels: The class of each example.
    /// - Returns: A copy in memory.
    /// - Throws: `DatasetsError`.
    func source(name: String, labels: [Int]? = nil) throws -> InMemorySource {
        let isBytes = scalarType == .u8 || scalarType == .bool
        guard count > 0, let examples = isBytes ? byteExamples : shape.count == 2 ? try rows(name) : nil
        else {
            throw DatasetsError.wrongArray(
                path: name, shape: shape, type: scalarType.rawValue,
                expected: "u8 images [N, H, W], [N, C, H, W] or [N, H, W, C] with C = 1 or 3, "
                    + "or rows of numbers [N, D], with N at least 1")
        }
        if let labels, labels.count != shape[0] {
            throw DatasetsError.tooFewExamples(
                set: name, count: shape[0], wanted: "the \(labels.count) labels beside it")
        }
        let kind: ElementKind = isBytes ? (data.allSatisfy { $0 < 2 } ? .binary : .bytes) : .real
        return InMemorySource(name: name, examples: examples, elementKind: kind, labels: labels)
    }

    private var byteExamples: Tensor? {
        let channels = [1, 3]
        switch shape.count {
        case 2: return tensor(shape: shape)
        case 3: return tensor(shape: [shape[0], 1, shape[1], shape[2]])
        case 4 where channels.contains(shape[1]): return tensor(shape: shape)
        case 4 where channels.contains(shape[3]): return tensor(shape: shape).permuted([0, 3, 1, 2])
        default: return nil
        }
    }

    private func tensor(shape: [Int]) -> Tensor {
        data.withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: .uint8) }
    }

    private func rows(_ name: String) throws -> Tensor {
        let values = converted(to: Float.self)
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw DatasetsError.notFinite(
                path: name, row: place / shape[1] + 1, column: "\(place % shape[1] + 1)")
        }
        return Tensor(values, shape: shape)
    }
}
