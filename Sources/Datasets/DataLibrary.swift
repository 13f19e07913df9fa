import Formats
import Foundation
import Tensors

/// Where data come from: folders of the user's, a cache, and the network.
///
///     let splits = try DataLibrary().open("mnist")
public struct DataLibrary: Sendable {
    /// Told of each piece of a download: file, bytes so far, bytes in all if known.
    ///
    /// It may throw to give up.
    public typealias DownloadObserver = @Sendable (_ file: String, _ bytes: Int, _ total: Int?) throws -> Void

    /// A folder of the user's with data sets, sought before the cache.
    let directory: URL?
    /// Where downloads are kept.
    let cache: URL
    let observer: DownloadObserver

    /// More examples than this many bytes are streamed from their folder and not kept in memory.
    static let memoryLimit = 1 << 29

    /// A library.
    ///
    /// - Parameters:
    ///   - directory: Where named sets are sought first; `VAE_DATA_DIR` when absent.
    ///   - environment: `XDG_CACHE_HOME` moves the cache, `~/.cache/swift-vae/data`.
    ///   - observer: Told of downloads.
    /// - Throws: `DatasetsError.noFolder`; `FormatError.file` where it cannot be found out whether there is one.
    public init(
        directory: URL? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        observer: @escaping DownloadObserver = { _, _, _ in }
    ) throws {
        func folder(_ variable: String) -> URL? {
            environment[variable].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0, isDirectory: true) }
        }
        self.directory = directory ?? folder("VAE_DATA_DIR")
        if let folder = self.directory, try !FolderEntry.isFolder(folder) {
            throw DatasetsError.noFolder(path: folder.path, isFromEnvironment: directory == nil)
        }
        cache = Self.cacheFolder(environment: environment).appendingPathComponent("data")
        self.observer = observer
    }

    /// Where things are kept that can be had again.
    ///
    /// - Parameter environment: `XDG_CACHE_HOME` moves it.
    /// - Returns: A folder that may not exist yet, `~/.cache/swift-vae`.
    package static func cacheFolder(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> URL {
        let moved = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let caches =
            moved.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
        return caches.appendingPathComponent("swift-vae")
    }

    /// Opens a named set, a folder of images or a file.
    ///
    /// A folder with subfolders for training and for validation or test, by their usual names, has these splits; the
    /// subfolders of another are classes. A named set goes before a file of the same name; write `./mnist` for that.
    ///
    /// - Parameters:
    ///   - source: A name or a path.
    ///   - options: How files are read.
    /// - Returns: The splits that the set has; none is set aside.
    /// - Throws: `DatasetsError` and `FormatError`: one line for each thing that may be wrong.
    public func open(_ source: String, _ options: ReadingOptions = ReadingOptions()) throws -> DataSplits {
        let set = NamedSet.named(source)
        let url = URL(fileURLWithPath: source)
        let isThere = try !source.isEmpty && FolderEntry.kind(of: url) != nil
        let isFolder = try isThere && FolderEntry.isFolder(url)
        if set != nil || isFolder, let option = options.ofFiles {
            throw DatasetsError.cannotRead(set: source, option: option.name, use: option.use)
        }
        let splits =
            if let set {
                try set.open(in: self, imageSize: options.imageSize)
            } else if isFolder {
                try openFolder(url, options)
            } else if isThere {
                try openFile(url, options)
            } else {
                throw DatasetsError.unknownSet(name: source, known: NamedSet.all.map(\.name))
            }
        try splits.check(imageSize: options.imageSize, channels: options.channels)
        return splits
    }

    private func openFile(_ url: URL, _ options: ReadingOptions) throws -> DataSplits {
        let (source, notes) = try DataFile.open(url, options)
        let test = try options.test.map {
            try DataFile.open(URL(fileURLWithPath: $0), options, like: source).source
        }
        return DataSplits(
            training: source, test: test, notes: notes + source.oddities { "example number \($0 + 1)" })
    }

    private func openFolder(_ url: URL, _ options: ReadingOptions) throws -> DataSplits {
        var notes: [String] = []
        var classNames: [String]?
        func images(_ url: URL) throws -> any DataSource {
            let folder = try ImageFolderSource(
                url, size: options.imageSize > 0 ? (options.imageSize, options.imageSize) : nil,
                channels: options.channels > 0 ? options.channels : nil, classNames: classNames,
                skipsBad: options.skipsBad)
            // The first that is opened is the one to learn from.
            classNames = classNames ?? folder.classNames
            notes += folder.notes.map { "\(folder.name): \($0)" }
            guard folder.count * folder.exampleBytes <= Self.memoryLimit else { return folder }
            let source = try InMemorySource(copying: folder)
            notes += source.oddities(naming: folder.path)
            return source
        }
        guard let parts = try FolderSplits(in: url) else {
            return DataSplits(training: try images(url), notes: notes)
        }
        notes.append("\(url.relativePath): \(parts.note)")
        return try DataSplits(
            training: images(parts.training), validation: parts.validation.map(images),
            test: parts.test.map(images), notes: notes)
    }
}

extension DataSplits {
    /// Refuses splits of different sizes, and a size or a number of channels that is asked for in vain.
    fileprivate func check(imageSize: Int, channels: Int) throws {
        let shape = training.exampleShape
        for other in [validation, test] {
            if let other, other.exampleShape != shape {
                throw DatasetsError.mixedSizes(
                    path: other.name, size: other.exampleShape, first: training.name, expected: shape)
            }
        }
        let isImage = shape.count == 3
        if imageSize > 0, !isImage || shape[1...] != [imageSize, imageSize] {
            throw DatasetsError.cannotConvert(
                set: training.name, shape: shape, conversion: .size(imageSize))
        }
        if channels > 0, !isImage || shape[0] != channels {
            throw DatasetsError.cannotConvert(
                set: training.name, shape: shape, conversion: channels == 1 ? .grey : .colour)
        }
    }
}

extension InMemorySource {
    /// What is strange about the examples, though they can be learned.
    fileprivate func oddities(naming path: (Int) -> String) -> [String] {
        if count > 1, isConstant { return ["\(name): all \(count) examples are the same"] }
        let constant = constantExamples()
        guard let first = constant.first else { return [] }
        let others = constant.count == 1 ? "" : " and \(constant.count - 1) more"
        return ["\(name): \(path(first))\(others): one value everywhere; leave blank images out"]
    }
}
