import Formats
import Foundation
import Tensors

/// Pictures in a folder and its subfolders, decoded when they are asked for, so that a folder larger than memory
/// trains.
///
/// The order is that of the paths. Where there are subfolders, the first one on the way to a picture is its class.
public struct ImageFolderSource: DataSource {
    /// The folder's name.
    public let name: String
    /// `[channels, height, width]`.
    public let exampleShape: [Int]
    /// The class of each picture, where there are subfolders.
    public let labels: [Int]?
    private let files: [URL]
    private let isResized: Bool

    private static let extensions: Set<String> = ["png", "jpg", "jpeg"]

    /// Lists a folder and reads its first picture.
    ///
    /// - Throws: `DatasetsError.unreadable` when there is no picture; `FormatError.file` when the first is damaged.
    public init(_ folder: URL, options: DataOptions = DataOptions()) throws {
        name = folder.lastPathComponent
        let root = folder.resolvingSymlinksInPath().path + "/"
        let entries = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        files = (entries?.compactMap { $0 as? URL } ?? [])
            .filter { Self.extensions.contains($0.pathExtension.lowercased()) }
            .sorted { $0.path < $1.path }
        guard let first = files.first else {
            throw DatasetsError.unreadable(
                path: folder.path, reason: "there is no PNG or JPEG image in this folder")
        }
        let image = try ImageFile.read(first, channels: options.channels == 0 ? nil : options.channels)
        isResized = options.imageSize > 0
        let side = options.imageSize
        exampleShape = [image.channels] + (isResized ? [side, side] : [image.height, image.width])
        let classes = files.map { file -> String? in
            let parts = file.resolvingSymlinksInPath().path.dropFirst(root.count).split(separator: "/")
            return parts.count > 1 ? String(parts[0]) : nil
        }
        let names = Set(classes.compactMap { $0 }).sorted()
        labels = names.count > 1 ? classes.map { $0.flatMap(names.firstIndex(of:)) ?? -1 } : nil
    }

    /// Grey or colour levels.
    public var elementKind: ElementKind { .bytes }
    /// How many pictures.
    public var count: Int { files.count }

    /// Decodes the pictures at the places, several at once.
    ///
    /// - Throws: `FormatError.file` for a damaged one, `DatasetsError.unreadable` for one of another size.
    public func examples(at indices: [Int]) throws -> Tensor {
        let size = exampleShape.reduce(1, *)
        let results = Results(count: indices.count)
        DispatchQueue.concurrentPerform(iterations: indices.count) { place in
            results.put(Result { try decode(files[indices[place]]) }, at: place)
        }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(indices.count * size)
        for result in results.values { pixels += try result!.get() }
        let shape = [indices.count, exampleShape[1], exampleShape[2], exampleShape[0]]
        return Tensor(pixels, shape: shape).permuted([0, 3, 1, 2]).contiguous()
    }

    private func decode(_ file: URL) throws -> [UInt8] {
        var image = try ImageFile.read(file, channels: exampleShape[0])
        let (height, width) = (exampleShape[1], exampleShape[2])
        if isResized { image = image.resizedAndCropped(width: width, height: height) }
        guard image.width == width, image.height == height else {
            throw DatasetsError.unreadable(
                path: file.path,
                reason: "\(image.width)×\(image.height) pixels where the first image has \(width)×\(height); "
                    + "bring all to one size with --image-size N")
        }
        return image.pixels
    }

    /// Written by many threads, each at its own place.
    private final class Results: @unchecked Sendable {
        private let lock = NSLock()
        private(set) var values: [Result<[UInt8], any Error>?]

        init(count: Int) {
            values = Array(repeating: nil, count: count)
        }

        func put(_ value: Result<[UInt8], any Error>, at place: Int) {
            lock.withLock { values[place] = value }
        }
    }
}
