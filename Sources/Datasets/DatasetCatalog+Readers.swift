import Formats
import Foundation
import Tensors

// From the files of named sets to sources in memory.
extension DatasetCatalog {
    static func idx(_ set: NamedSet, images: URL, labels: URL?) throws -> InMemorySource {
        let array = try IDX.read(images)
        guard array.shape.count == 3, array.scalarType == .u8, array.shape[0] > 0 else {
            throw DatasetsError.unreadable(
                path: images.path,
                reason: "shape \(array.shape) of \(array.scalarType); expected bytes [n, rows, columns]")
        }
        let classes = try labels.map { try IDX.read($0) }
        if let classes, classes.shape != [array.shape[0]] || classes.scalarType != .u8 {
            throw DatasetsError.unreadable(
                path: labels!.path,
                reason: "shape \(classes.shape); expected one byte for each of \(array.shape[0]) images")
        }
        return InMemorySource(
            name: set.rawValue, examples: bytes(array, shape: [array.shape[0], 1] + array.shape.dropFirst()),
            elementKind: .bytes, labels: classes?.values(as: UInt8.self).map(Int.init))
    }

    static func amat(_ set: NamedSet, _ url: URL) throws -> InMemorySource {
        let array = try AMAT.read(url, as: UInt8.self)
        guard array.shape[0] > 0, array.shape[1] == 784, array.values(as: UInt8.self).allSatisfy({ $0 <= 1 })
        else {
            throw DatasetsError.unreadable(
                path: url.path, reason: "shape \(array.shape); expected rows of 784 zeros and ones")
        }
        return InMemorySource(
            name: set.rawValue, examples: bytes(array, shape: [array.shape[0], 1, 28, 28]),
            elementKind: .binary)
    }

    static func cifar(_ set: NamedSet, _ urls: [URL]) throws -> InMemorySource {
        let batches = try urls.map(CIFARBinary.read)
        return InMemorySource(
            name: set.rawValue,
            examples: Tensor.concatenated(batches.map { bytes($0.images, shape: $0.images.shape) }, along: 0),
            elementKind: .bytes, labels: batches.flatMap { $0.labels.map(Int.init) })
    }

    static func bytes(_ array: RawArray, shape: [Int]) -> Tensor {
        array.data.withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: .uint8) }
    }
}
