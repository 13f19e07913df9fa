import Foundation

/// Where the files of named sets are sought: the user's folder first, then the cache.
struct DatasetSearch: Sendable {
    let dataDirectory: URL?
    let cache: URL

    /// - Parameters:
    ///   - dataDirectory: The user's folder; `VAE_DATA_DIR` when absent.
    ///   - cache: Where downloads are kept; under `XDG_CACHE_HOME` when absent.
    init(dataDirectory: URL?, cache: URL? = nil) {
        let environment = ProcessInfo.processInfo.environment
        func folder(_ key: String) -> URL? {
            environment[key].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
        }
        self.dataDirectory = dataDirectory ?? folder("VAE_DATA_DIR")
        let home = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
        self.cache = cache ?? (folder("XDG_CACHE_HOME") ?? home).appendingPathComponent("swift-vae/data")
    }

    /// The folders in which a set's files may be, in order.
    func folders(of set: NamedSet) -> [URL] {
        let underscored = set.rawValue.replacingOccurrences(of: "-", with: "_")
        var names = [set.rawValue, underscored]
        switch set {
        case .mnist: names.append("MNIST/raw")
        case .fashionMNIST: names.append("FashionMNIST/raw")
        case .cifar10, .cifar10Cut:
            names += ["cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin"]
        case .binarizedMNIST, .freyFaces, .sprites: break
        }
        let own = dataDirectory.map { directory in
            [directory] + names.map { directory.appendingPathComponent($0) }
        }
        return (own ?? []) + [cacheFolder(of: set)]
    }

    /// Where downloads of a set are kept.
    func cacheFolder(of set: NamedSet) -> URL {
        cache.appendingPathComponent(set == .cifar10Cut ? NamedSet.cifar10.rawValue : set.rawValue)
    }

    /// A file of a set, under any of its names; `nil` when it is nowhere.
    func find(_ file: DatasetFile, of set: NamedSet) -> URL? {
        for folder in folders(of: set) {
            for name in file.aliases {
                let url = folder.appendingPathComponent(name)
                if FileManager.default.fileExists(atPath: url.path) { return url }
            }
        }
        return nil
    }
}
