import Formats
import Foundation

/// Opening of a single file of examples.
enum DataFile {
    /// What can be opened, for messages.
    static let kinds =
        "a folder of PNG or JPEG images, an IDX file (.idx or -ubyte), .npy, .csv, .amat or a CIFAR-10 batch (.bin)"

    /// The examples of a file and notes about it; the kind is told by the name or else by the first bytes.
    ///
    /// - Throws: `DatasetsError` and `FormatError`, naming the file.
    static func open(_ url: URL) throws -> (source: InMemorySource, notes: [String]) {
        let name = url.relativePath
        switch try kind(of: url) {
        case .npy: return (try NPY.read(url).source(name: name), [])
        case .idx: return (try idx(url, labels: labelFile(beside: url), name: name), [])
        case .amat: return (try amat(url, name: name), [])
        case .cifar: return (try cifar([url], name: name), [])
        case .csv:
            let (source, ignored) = try CSV.read(url).source(name: name)
            return (
                source,
                ignored.isEmpty ? [] : ["\(name): text columns left out: \(ignored.joined(separator: ", "))"]
            )
        }
    }

    /// The images of an IDX file with the labels of another.
    static func idx(_ url: URL, labels: URL? = nil, name: String) throws -> InMemorySource {
        try IDX.read(url).source(name: name, labels: labels.map(idxLabels))
    }

    /// The images of CIFAR-10 batches, joined and cut to `limit`.
    static func cifar(_ urls: [URL], limit: Int = .max, name: String) throws -> InMemorySource {
        let batches = try urls.map(CIFARBinary.read)
        let labels = batches.flatMap { $0.labels.map(Int.init) }.prefix(limit)
        let pixels = batches.reduce(into: Data()) { $0.append($1.images.data) }
        let images = RawArray(
            shape: [labels.count, 3, 32, 32], scalarType: .u8, data: pixels.prefix(labels.count * 3 * 32 * 32)
        )
        return try images.source(name: name, labels: Array(labels))
    }

    /// The rows of an AMAT file: bytes where all its numbers are, images where rows fill a square.
    static func amat(_ url: URL, name: String) throws -> InMemorySource {
        guard let bytes = try? AMAT.read(url, as: UInt8.self) else {
            return try AMAT.read(url, as: Float.self).source(name: name)
        }
        let side = Int(Double(bytes.shape[1]).squareRoot())
        let isSquare = side > 1 && side * side == bytes.shape[1]
        let shape = isSquare ? [bytes.shape[0], side, side] : bytes.shape
        return try RawArray(shape: shape, scalarType: .u8, data: bytes.data).source(name: name)
    }

    private static func idxLabels(_ url: URL) throws -> [Int] {
        let array = try IDX.read(url)
        guard array.shape.count == 1, array.scalarType == .u8 else {
            throw DatasetsError.wrongArray(
                path: url.relativePath, shape: array.shape, type: array.scalarType.rawValue,
                expected: "u8 labels [N]")
        }
        return array.values(as: UInt8.self).map(Int.init)
    }

    /// The file of labels that lies beside one of images under the names that MNIST's have.
    private static func labelFile(beside url: URL) -> URL? {
        let name = url.lastPathComponent
        guard name.contains("images") else { return nil }
        let labels = url.deletingLastPathComponent().appendingPathComponent(
            name.replacing("images", with: "labels").replacing("idx3", with: "idx1"))
        return FileManager.default.fileExists(atPath: labels.path) ? labels : nil
    }

    private enum Kind { case npy, idx, csv, amat, cifar }

    private static func kind(of url: URL) throws -> Kind {
        let name = url.lastPathComponent.lowercased()
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        let known: [(String, Kind)] = [
            (".npy", .npy), (".idx", .idx), ("-ubyte", .idx), (".csv", .csv), (".amat", .amat),
            (".bin", .cifar),
        ]
        if let kind = known.first(where: { plain.hasSuffix($0.0) })?.1 { return kind }
        let handle = try? FileHandle(forReadingFrom: url)
        let start = try handle?.read(upToCount: 4) ?? Data()
        if start.starts(with: [0x93, 0x4E, 0x55, 0x4D]) { return .npy }
        if start.count == 4, start.starts(with: [0, 0]), 0x08...0x0E ~= start[2] { return .idx }
        throw DatasetsError.unknownKind(path: url.relativePath, known: kinds)
    }
}
