import Formats
import Foundation
import Tensors

/// How data are found and brought to one shape.
public struct DataOptions: Sendable {
    /// Where named sets are sought first; `VAE_DATA_DIR` when absent.
    public var dataDirectory: URL?
    /// The height and width of pictures from a folder; 0 keeps their own.
    public var imageSize: Int
    /// 1 for grey, 3 for colour; 0 keeps what the first picture of a folder has.
    public var channels: Int
    /// Told what is being fetched.
    public var report: @Sendable (String) -> Void

    /// Options.
    public init(
        dataDirectory: URL? = nil, imageSize: Int = 0, channels: Int = 0,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.dataDirectory = dataDirectory
        self.imageSize = imageSize
        self.channels = channels
        self.report = report
    }
}

/// Opens data by name or by path.
public enum DatasetCatalog {
    /// The splits of a named set, or of the file or folder at a path.
    ///
    /// - Throws: `DatasetsError` or `FormatError.file`, naming the set or file at fault.
    public static func open(_ source: String, options: DataOptions = DataOptions()) throws -> DataSplits {
        if let set = NamedSet(rawValue: source) { return try open(set, options: options) }
        let url = URL(fileURLWithPath: source)
        guard FileManager.default.fileExists(atPath: url.path) else {
            let near = NamedSet.allCases.map(\.rawValue).filter { $0.contains(source) || source.contains($0) }
            throw DatasetsError.unknownSet(name: source, suggestions: near)
        }
        return try PathSource(url: url, options: options).splits()
    }

    /// Where the first file of a set is; `nil` when it would have to be fetched, or when nothing need be found.
    public static func location(of set: NamedSet, dataDirectory: URL? = nil) -> URL? {
        set.files.first.flatMap { DatasetSearch(dataDirectory: dataDirectory).find($0, of: set) }
    }

    private static func open(_ set: NamedSet, options: DataOptions) throws -> DataSplits {
        let search = DatasetSearch(dataDirectory: options.dataDirectory)
        let files = try set.files.map { try locate($0, of: set, search: search, report: options.report) }
        switch set {
        case .mnist, .fashionMNIST:
            return DataSplits(
                training: try idx(set, images: files[0], labels: files[1]),
                test: try idx(set, images: files[2], labels: files[3]))
        case .binarizedMNIST:
            let parts = try files.map { try amat(set, $0) }
            return DataSplits(training: parts[0], validation: parts[1], test: parts[2])
        case .cifar10, .cifar10Cut:
            return DataSplits(
                training: try cifar(set, Array(files.dropLast())), test: try cifar(set, [files.last!]))
        case .freyFaces:
            return shuffledSplits(try idx(set, images: files[0], labels: nil), counts: (1565, 200, 200))
        case .sprites: return shuffledSplits(Sprites(), counts: (20_000, 2_000, 2_000))
        }
    }

    /// Disjoint parts of a set that has none of its own, the same in every run.
    private static func shuffledSplits(_ source: any DataSource, counts: (Int, Int, Int)) -> DataSplits {
        var generator = Generator(seed: 0)
        let order = Array(0..<source.count).shuffled(using: &generator)
        func part(_ start: Int, _ count: Int) -> SubsetSource {
            SubsetSource(source, at: Array(order[start..<start + count]))
        }
        return DataSplits(
            training: part(0, counts.0), validation: part(counts.0, counts.1),
            test: part(counts.0 + counts.1, counts.2))
    }

    private static func locate(
        _ file: DatasetFile, of set: NamedSet, search: DatasetSearch, report: (String) -> Void
    ) throws -> URL {
        if let url = search.find(file, of: set) { return url }
        let cache = search.cacheFolder(of: set)
        if set == .cifar10 {
            let archive = try Download(file: NamedSet.cifarArchive, set: set.rawValue).run(
                into: cache, progress: report)
            try unpack(archive, into: cache)
            if let url = search.find(file, of: set) { return url }
        }
        guard !file.mirrors.isEmpty else {
            throw DatasetsError.notFound(
                set: set.rawValue, file: file.name, sought: search.folders(of: set).map(\.path),
                remedy:
                    "it has no public mirror in this form; put it there, or name its folder with --data-dir")
        }
        return try Download(file: file, set: set.rawValue).run(into: cache, progress: report)
    }

    private static func unpack(_ archive: URL, into folder: URL) throws {
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xzf", archive.path, "-C", folder.path, "--strip-components=1"]
        try tar.run()
        tar.waitUntilExit()
        try? FileManager.default.removeItem(at: archive)
        guard tar.terminationStatus == 0 else {
            throw DatasetsError.unreadable(path: archive.path, reason: "tar could not unpack it; try again")
        }
    }
}
