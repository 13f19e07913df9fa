import Formats
import Foundation

/// Which examples the splits of a run hold: the shape of an example, and a hash of each.
///
/// When the data are opened again, each example is found by its hash, wherever it stands now, so that added examples and
/// another order change nothing; what is gone or has changed is told.
public struct DataRecord: Sendable, Equatable {
    private static let names = ["training", "validation", "test"]

    /// The shape of an example.
    public let exampleShape: [Int]
    /// What the elements are.
    public let elements: ElementKind
    /// The hashes of the examples by split, in order.
    public let hashes: [String: [UInt64]]

    /// The record of splits.
    ///
    /// - Parameter splits: As a run divides them.
    /// - Throws: Errors of reading: every example is read once.
    public init(_ splits: DataSplits) throws {
        exampleShape = splits.training.exampleShape
        elements = splits.training.elementKind
        var hashes = ["training": try splits.training.exampleHashes()]
        hashes["validation"] = try splits.validation?.exampleHashes()
        hashes["test"] = try splits.test?.exampleHashes()
        self.hashes = hashes
    }

    /// The split that a finished model is shown on by default.
    public var heldOut: String { Self.names.last { hashes[$0] != nil }! }

    /// The splits of the run among data that have been opened again.
    ///
    /// - Parameters:
    ///   - opened: The splits that the set has, none set aside.
    ///   - needed: Splits that have to be whole; of the others what is left is taken, with a note.
    /// - Returns: The splits, with notes on what differs.
    /// - Throws: `DatasetsError.changed` where a needed split is not whole, or the examples have another shape.
    public func divide(_ opened: DataSplits, needing needed: Set<String>) throws -> DataSplits {
        let name = opened.training.name
        guard opened.training.exampleShape == exampleShape, opened.training.elementKind == elements else {
            throw DatasetsError.changed(
                set: name,
                reason: "its examples are \(sizeText(opened.training.exampleShape)) "
                    + "\(opened.training.elementKind.rawValue), those of the run are \(sizeText(exampleShape)) "
                    + elements.rawValue)
        }
        var notes = opened.notes
        var pools: [String: Pool] = ["training": try Pool(opened.training)]
        if let validation = opened.validation { pools["validation"] = try Pool(validation) }
        if let test = opened.test { pools["test"] = try Pool(test) }
        var found: [String: any DataSource] = [:]
        for split in Self.names {
            guard let wanted = hashes[split] else { continue }
            // What was set aside comes from the training part of the set.
            let key = pools[split] == nil ? "training" : split
            let places = wanted.compactMap { pools[key]!.take($0) }
            let missing = wanted.count - places.count
            if missing > 0 {
                let text =
                    "\(missing) of the \(wanted.count) \(split) examples of the run are gone or have changed"
                guard !needed.contains(split) else { throw DatasetsError.changed(set: name, reason: text) }
                notes.append("\(name): \(text)")
            }
            let source = pools[key]!.source
            found[split] =
                places == Array(0..<source.count) ? source : SubsetSource(source, at: places)
        }
        for split in Self.names {
            if let left = pools[split]?.left, left > 0, hashes[split] != nil {
                notes.append(
                    "\(name): \(left) example\(left == 1 ? " was" : "s were") added since the run began; left out"
                )
            }
        }
        return DataSplits(
            training: found["training"]!, validation: found["validation"], test: found["test"], notes: notes,
            grid: opened.grid, undivided: opened.undivided)
    }

    /// The examples of a source by their hashes, each to be taken once.
    private struct Pool {
        let source: any DataSource
        private var places: [UInt64: [Int]] = [:]
        private(set) var left: Int

        init(_ source: any DataSource) throws {
            self.source = source
            left = source.count
            // From the last, so that equal examples are taken in order.
            for (place, hash) in try source.exampleHashes().enumerated().reversed() {
                places[hash, default: []].append(place)
            }
        }

        mutating func take(_ hash: UInt64) -> Int? {
            guard let place = places[hash]?.popLast() else { return nil }
            left -= 1
            return place
        }
    }
}

extension DataRecord {
    private static let shapeKey = "exampleShape"
    private static let elementsKey = "elements"
    private static let checksumKey = "sha256"

    /// Writes the record as a safetensors file.
    ///
    /// - Throws: `FormatError.file`.
    public func write(to url: URL) throws {
        let arrays = hashes.mapValues {
            RawArray(shape: [$0.count], values: $0.map { Int64(bitPattern: $0) })
        }
        let metadata = [
            Self.shapeKey: exampleShape.map(String.init).joined(separator: ","),
            Self.elementsKey: elements.rawValue,
        ]
        try Safetensors.write(
            arrays, metadata: metadata, checksumKey: Self.checksumKey, to: url, followsLinks: false)
    }

    /// Reads a record.
    ///
    /// - Throws: `FormatError.file`; `DatasetsError.changed` where the file is no record.
    public init(readingFrom url: URL) throws {
        let file = try Safetensors.read(url)
        do {
            try file.verifyChecksum(key: Self.checksumKey)
        } catch let error as FormatError {
            throw FormatError.file(path: url.path, error)
        }
        let shape = file.metadata[Self.shapeKey]?.split(separator: ",").compactMap { Int($0) }
        guard let shape, let kind = file.metadata[Self.elementsKey].flatMap(ElementKind.init(rawValue:)),
            file.names.contains("training")
        else { throw DatasetsError.changed(set: url.path, reason: "it is no record of a run's data") }
        exampleShape = shape
        elements = kind
        hashes = Dictionary(
            uniqueKeysWithValues: try file.names.map { name in
                (name, try file.tensor(named: name).values(as: Int64.self).map { UInt64(bitPattern: $0) })
            })
    }
}
