import Formats
import Foundation
import Tensors

/// Data at a path that the user names: a folder of pictures, or a file of arrays or a table.
struct PathSource {
    let url: URL
    let options: DataOptions

    /// What is there; a folder with `train` and `test` inside gives both.
    func splits() throws -> DataSplits {
        guard isFolder(url) else { return DataSplits(training: try file()) }
        func part(_ names: [String]) throws -> ImageFolderSource? {
            let found = names.map(url.appendingPathComponent).first(where: isFolder)
            return try found.map { try ImageFolderSource($0, options: options) }
        }
        if let training = try part(["train", "training"]) {
            return DataSplits(
                training: training, validation: try part(["valid", "validation", "val"]),
                test: try part(["test"]))
        }
        return DataSplits(training: try ImageFolderSource(url, options: options))
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private func file() throws -> any DataSource {
        let name = url.lastPathComponent.lowercased()
        let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        if stem.hasSuffix("ubyte") || stem.hasSuffix(".idx") { return try array(IDX.read(url)) }
        if stem.hasSuffix(".npy") { return try array(NPY.read(url)) }
        if stem.hasSuffix(".csv") { return try table(CSV.read(url).matrix()) }
        if stem.hasSuffix(".amat") { return try table(AMAT.read(url, as: Float.self)) }
        if stem.hasSuffix(".bin") { return try array(CIFARBinary.read(url).images) }
        throw DatasetsError.unreadable(
            path: url.path,
            reason:
                "not a kind of data that is read; give a folder of PNG or JPEG images, or a file ending in "
                + "-ubyte, .idx, .npy, .csv, .amat (each also .gz) or .bin")
    }

    /// Bytes are images `[n, h, w]`, `[n, c, h, w]` or `[n, h, w, c]`; real numbers are rows `[n, d]`.
    private func array(_ array: RawArray) throws -> InMemorySource {
        guard array.scalarType == .u8 else { return try table(array) }
        var tensor = DatasetCatalog.bytes(array, shape: array.shape)
        switch (array.shape.count, array.shape.last ?? 0) {
        case (3, _): tensor = tensor.expanded(at: 1)
        case (4, 1), (4, 3): tensor = tensor.permuted([0, 3, 1, 2]).contiguous()
        case (4, _) where [1, 3].contains(array.shape[1]): break
        default:
            throw DatasetsError.unreadable(
                path: url.path,
                reason:
                    "bytes of shape \(array.shape); expected [n, height, width], with 1 or 3 channels before or after"
            )
        }
        try checkCount(tensor.size(along: 0))
        return InMemorySource(name: name, examples: tensor, elementKind: .bytes)
    }

    private func table(_ array: RawArray) throws -> InMemorySource {
        guard array.shape.count == 2, array.shape[1] > 0 else {
            throw DatasetsError.unreadable(
                path: url.path, reason: "numbers of shape \(array.shape); expected a table, [rows, columns]")
        }
        try checkCount(array.shape[0])
        let values = array.converted(to: Float.self)
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            let (row, column) = place.quotientAndRemainder(dividingBy: array.shape[1])
            throw DatasetsError.unreadable(
                path: url.path,
                reason:
                    "row \(row + 1), column \(column + 1) is missing or not finite; fill it in, or leave the row out"
            )
        }
        return InMemorySource(name: name, examples: Tensor(values, shape: array.shape), elementKind: .real)
    }

    private func checkCount(_ count: Int) throws {
        if count == 0 { throw DatasetsError.unreadable(path: url.path, reason: "it holds no examples") }
    }

    private var name: String { url.lastPathComponent }
}
