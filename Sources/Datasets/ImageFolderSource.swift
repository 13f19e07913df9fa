import Formats
import Foundation
import Tensors

/// The PNG and JPEG images of a folder and those below, decoded when they are asked for.
///
/// Images come in the order of their paths. Where all lie in subfolders, the first level of these are classes.
public struct ImageFolderSource: DataSource {
    /// What messages call the set: the folder.
    public let name: String
    /// `[channels, height, width]`.
    public let exampleShape: [Int]
    /// The class of each image: the place of its subfolder among the names of classes.
    public let labels: [Int]?
    /// The names of classes.
    let classNames: [String]
    /// What a person should know of how the folder was read.
    let notes: [String]
    private let images: [URL]
    private let isResizing: Bool
    private let fixedChannels: Int?

    /// The images below a folder.
    ///
    /// - Parameters:
    ///   - folder: Sought through, links to folders too; hidden files and folders are passed over.
    ///   - size: Height and width to which each image is brought: scaled to cover them, the middle kept. Without
    ///     it all images must have the size of the first.
    ///   - channels: 1 for grey, 3 for colour; without it, as the first image has it.
    ///   - classNames: Those of the split that is learnt from, which the classes of another one are to agree with;
    ///     without them, the subfolders in order. A folder of no such name is a class beyond them.
    ///   - skipsBad: Whether images that cannot be read are left out. Each is then read once to find out.
    /// - Throws: `DatasetsError.noImages`; `FormatError.file` where the first image cannot be read.
    public init(
        _ folder: URL, size: (height: Int, width: Int)? = nil, channels: Int? = nil,
        classNames: [String]? = nil, skipsBad: Bool = false
    ) throws {
        let files = try ImageFolderFiles(below: folder)
        let paths = skipsBad ? try Self.readable(files.images, below: folder) : files.images
        guard let first = paths.first else { throw DatasetsError.noImages(path: folder.relativePath) }
        name = folder.relativePath
        images = paths.map { folder.appendingPathComponent($0) }
        let folders = Self.classFolders(of: paths)
        let names = classNames ?? Set(folders ?? []).sorted()
        self.classNames = names
        labels = folders?.map { names.firstIndex(of: $0) ?? names.count }
        isResizing = size != nil
        fixedChannels = channels
        if let size, let channels {
            exampleShape = [channels, size.height, size.width]
        } else {
            let image = try ImageFile.read(folder.appendingPathComponent(first))
            exampleShape = [
                channels ?? image.channels, size?.height ?? image.height, size?.width ?? image.width,
            ]
        }
        let skipped = files.images.count - paths.count
        notes = [
            files.note,
            skipped == 0
                ? nil
                : "\(skipped) image\(skipped == 1 ? "" : "s") that cannot be read \(skipped == 1 ? "is" : "are") left out",
            Set(folders ?? []).count > 1 && classNames == nil
                ? "its \(names.count) subfolders are classes (\(list(names)))" : nil,
        ].compactMap { $0 }
    }

    /// Grey or colour levels.
    public var elementKind: ElementKind { .bytes }
    /// How many images.
    public var count: Int { images.count }

    /// The file of an example.
    public func path(of index: Int) -> String { images[index].relativePath }

    /// The images at the places, decoded on all cores.
    ///
    /// - Throws: `FormatError.file` for what is not a whole image; `DatasetsError.mixedSizes` or `.mixedColours`
    ///   for an image that does not go with the first.
    public func examples(at indices: [Int]) throws -> Tensor {
        let width = exampleBytes
        var pixels = [UInt8](repeating: 0, count: indices.count * width)
        try pixels.withUnsafeMutableBufferPointer { pixels in
            // Each thread writes to a part of its own.
            nonisolated(unsafe) let pixels = pixels
            try concurrently(indices.count) { place in
                let image = try image(at: indices[place])
                image.writePlanes(to: pixels[(place * width)..<((place + 1) * width)])
            }
        }
        return Tensor(pixels, shape: [indices.count] + exampleShape)
    }

    /// Reads every image once.
    ///
    /// - Throws: As `examples(at:)`, for the first that cannot be read.
    func check() throws {
        try concurrently(count) { place in _ = try image(at: place) }
    }

    /// Hashes of the files, which need not be decoded.
    public func hashes(at places: [Int]) throws -> [UInt64] {
        var hashes = [UInt64](repeating: 0, count: places.count)
        try hashes.withUnsafeMutableBufferPointer { hashes in
            // Each thread writes to a part of its own.
            nonisolated(unsafe) let hashes = hashes
            try concurrently(places.count) { place in
                let index = places[place]
                let bytes = try InputFile.contents(of: images[index])
                hashes[place] = bytes.withUnsafeBytes { exampleHash(of: $0[...], class: labels?[index]) }
            }
        }
        return hashes
    }

    private func image(at index: Int) throws -> ImageBuffer {
        let (channels, height, width) = (exampleShape[0], exampleShape[1], exampleShape[2])
        let hint = isResizing ? (width: width, height: height) : nil
        let image = try ImageFile.read(images[index], channels: fixedChannels, atLeast: hint)
        guard isResizing || (image.height == height && image.width == width) else {
            throw DatasetsError.mixedSizes(
                path: path(of: index), size: [image.height, image.width], first: path(of: 0),
                expected: [height, width])
        }
        // Grey goes with colour, but colour would be lost among grey.
        guard image.channels <= channels else {
            throw DatasetsError.mixedColours(path: path(of: index), first: path(of: 0))
        }
        return image.converted(channels: channels).resizedAndCropped(width: width, height: height)
    }
}

extension ImageFolderSource {
    /// The images that can be decoded.
    private static func readable(_ paths: [String], below folder: URL) throws -> [String] {
        var isReadable = [Bool](repeating: false, count: paths.count)
        try isReadable.withUnsafeMutableBufferPointer { isReadable in
            // Each thread writes to a part of its own.
            nonisolated(unsafe) let isReadable = isReadable
            try concurrently(paths.count) { place in
                let image = try? ImageFile.read(folder.appendingPathComponent(paths[place]))
                isReadable[place] = image != nil
            }
        }
        return zip(paths, isReadable).filter(\.1).map(\.0)
    }

    /// The subfolder of each image; `nil` unless all lie in one.
    private static func classFolders(of paths: [String]) -> [String]? {
        let folders = paths.compactMap { $0.split(separator: "/").dropLast().first.map(String.init) }
        return folders.count == paths.count ? folders : nil
    }
}

/// The first names of a list, and how many more there are.
func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map(\.debugDescription).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
}

extension ImageBuffer {
    /// Copies the samples channel by channel, as tensors have them.
    fileprivate func writePlanes(to planes: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        var place = planes.startIndex
        for channel in 0..<channels {
            for sample in stride(from: channel, to: pixels.count, by: channels) {
                planes.base[place] = pixels[sample]
                place += 1
            }
        }
    }
}
