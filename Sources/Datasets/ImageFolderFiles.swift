import Formats
import Foundation

/// The files below a folder of images.
///
/// Links to folders are followed, each folder once, so that one that leads back to itself has an end. Hidden files and
/// folders are passed over.
struct ImageFolderFiles {
    /// The paths of images below the folder, in the order of their bytes.
    private(set) var images: [String] = []
    /// Other files, by how their names end.
    private(set) var others: [String: Int] = [:]
    private var visited: Set<String> = []

    init(below folder: URL) throws {
        try visit(folder, prefix: "")
        images.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func visit(_ folder: URL, prefix: String) throws {
        guard visited.insert(folder.resolvingSymlinksInPath().path).inserted else { return }
        for name in try FolderEntry.names(in: folder) where !name.hasPrefix(".") {
            let url = folder.appendingPathComponent(name)
            if try FolderEntry.isFolder(url) {
                try visit(url, prefix: prefix + name + "/")
            } else if Self.isImageName(name) {
                images.append(prefix + name)
            } else {
                others[(name as NSString).pathExtension.lowercased(), default: 0] += 1
            }
        }
    }

    /// Whether a file is an image by its name.
    static func isImageName(_ path: String) -> Bool {
        ["png", "jpg", "jpeg"].contains((path as NSString).pathExtension.lowercased())
    }

    /// A line on files that are not read; `nil` where there are none.
    var note: String? {
        let count = others.values.reduce(0, +)
        guard count > 0 else { return nil }
        let kinds = others.keys.sorted().prefix(5).map { $0.isEmpty ? "no extension" : ".\($0)" }
        return "\(count) file\(count == 1 ? " is" : "s are") neither PNG nor JPEG and not read "
            + "(\(kinds.joined(separator: ", ")))"
    }
}

/// The parts of a folder of images that are splits, by the usual names in any case.
struct FolderSplits {
    /// Where the training examples are.
    let training: URL
    let validation: URL?
    let test: URL?

    /// The splits of a folder; `nil` where it has no folder for training beside one for validation or test.
    init?(in folder: URL) throws {
        let names = try FolderEntry.names(in: folder).filter {
            try FolderEntry.isFolder(folder.appendingPathComponent($0))
        }.sorted()
        func found(_ known: [String]) -> URL? {
            names.first { known.contains($0.lowercased()) }.map(folder.appendingPathComponent)
        }
        validation = found(["val", "valid", "validation", "dev"])
        test = found(["test", "testing"])
        guard let training = found(["train", "training"]), validation != nil || test != nil else {
            return nil
        }
        self.training = training
    }

    /// A line that says which folders are splits.
    var note: String {
        let parts = [("training", training), ("validation", validation), ("test", test)].compactMap {
            name, url in url.map { "\($0.lastPathComponent)/ for \(name)" }
        }
        return "subfolders are splits: \(parts.joined(separator: ", "))"
    }
}
