import Formats
import Foundation

/// Opening of a single file of examples.
package enum DataFile {
    /// What can be opened, for messages.
    static let kinds =
        "a folder of PNG or JPEG images, an IDX file (.idx or -ubyte), .npy, .npz, a table (.csv, .tsv, .data), .amat "
        + "or a CIFAR-10 batch (.bin)"

    /// The examples of a file and notes about it; the kind is told by the name or else by the first bytes.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - options: How it is read.
    ///   - training: The split that is learned from, whose columns and classes these are to have.
    /// - Returns: The examples, and lines that a person should read.
    /// - Throws: `DatasetsError` and `FormatError`, naming the file.
    static func open(
        _ url: URL, _ options: ReadingOptions = ReadingOptions(), like training: InMemorySource? = nil
    ) throws -> (source: InMemorySource, notes: [String]) {
        let name = url.relativePath
        let kind = try kind(of: url)
        try options.check(kind, name)
        let labels =
            try training == nil
            ? options.labels.map { try Labels(readingFrom: URL(fileURLWithPath: $0)) } : nil
        switch kind {
        case .npy: return try NPY.read(url).source(name: name, labels: labels, shape: options.shape)
        case .npz: return try NPZ.read(url).source(name: name, labels: labels, shape: options.shape)
        case .idx:
            let beside = try labels ?? labelFile(beside: url).map { try Labels(readingFrom: $0) }
            return try IDX.read(url).source(name: name, labels: beside, shape: options.shape)
        case .amat: return (try amat(url, name: name), [])
        case .cifar: return (try cifar([url], name: name), [])
        case .csv:
            return try CSV.read(url, header: options.header).source(
                name: name,
                TableReading(
                    columns: options.columns, shape: options.shape, labels: labels,
                    keepsConstants: options.keepsConstants, training: training))
        }
    }

    /// The images of an IDX file with the labels of another.
    static func idx(_ url: URL, labels: URL? = nil, name: String) throws -> InMemorySource {
        let labels = try labels.map { try Labels(readingFrom: $0) }
        return try IDX.read(url).source(name: name, labels: labels).0
    }

    /// The images of CIFAR-10 batches, joined and cut to `limit`.
    static func cifar(_ urls: [URL], limit: Int = .max, name: String) throws -> InMemorySource {
        let batches = try urls.map(CIFARBinary.read)
        let labels = batches.flatMap { $0.labels.map(Int.init) }.prefix(limit)
        let pixels = batches.reduce(into: Data()) { $0.append($1.images.data) }
        let images = RawArray(
            shape: [labels.count, 3, 32, 32], scalarType: .u8, data: pixels.prefix(labels.count * 3 * 32 * 32)
        )
        return try images.source(name: name, labels: Labels(Array(labels))).0
    }

    /// The rows of an AMAT file: bytes where all its numbers are, images where rows fill a square.
    static func amat(_ url: URL, name: String) throws -> InMemorySource {
        guard let bytes = try? AMAT.read(url, as: UInt8.self) else {
            let rows = try AMAT.read(url, as: Float.self)
            return try rows.source(name: name, shape: Array(rows.shape.dropFirst())).0
        }
        let side = Int(Double(bytes.shape[1]).squareRoot())
        let isSquare = side > 1 && side * side == bytes.shape[1]
        let shape = isSquare ? [side, side] : [bytes.shape[1]]
        return try RawArray(shape: bytes.shape, scalarType: .u8, data: bytes.data).source(
            name: name, shape: shape
        ).0
    }

    /// The file of labels that lies beside one of images under the names that MNIST's have.
    private static func labelFile(beside url: URL) throws -> URL? {
        let name = url.lastPathComponent
        guard name.contains("images") else { return nil }
        let labels = url.deletingLastPathComponent().appendingPathComponent(
            name.replacing("images", with: "labels").replacing("idx3", with: "idx1"))
        return try FolderEntry.kind(of: labels) == nil ? nil : labels
    }

    /// The kinds of files.
    package enum Kind { case npy, npz, idx, csv, amat, cifar }

    /// The kind of a file, by its name or else by its first bytes.
    package static func kind(of url: URL) throws -> Kind {
        let name = url.lastPathComponent.lowercased()
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        let known: [(String, Kind)] = [
            (".npy", .npy), (".npz", .npz), (".idx", .idx), ("-ubyte", .idx), (".csv", .csv), (".tsv", .csv),
            (".data", .csv), (".tra", .csv), (".tes", .csv), (".amat", .amat), (".bin", .cifar),
        ]
        if let kind = known.first(where: { plain.hasSuffix($0.0) })?.1 { return kind }
        let handle = try? FileHandle(forReadingFrom: url)
        let start = try handle?.read(upToCount: 4) ?? Data()
        if start.starts(with: [0x93, 0x4E, 0x55, 0x4D]) { return .npy }
        if NPZ.isArchive(start) { return .npz }
        if start.count == 4, start.starts(with: [0, 0]), 0x08...0x0E ~= start[2] { return .idx }
        throw DatasetsError.unknownKind(path: url.relativePath, known: kinds)
    }
}

extension ReadingOptions {
    /// Refuses options that say nothing about a kind of file.
    fileprivate func check(_ kind: DataFile.Kind, _ name: String) throws {
        if kind != .csv, columns != nil {
            throw DatasetsError.cannotRead(set: name, option: "a choice of columns", use: "a table")
        }
        if [.amat, .cifar].contains(kind), let option = ofFiles {
            guard option.name == "a test file" else {
                throw DatasetsError.cannotRead(set: name, option: option.name, use: option.use)
            }
        }
    }
}
