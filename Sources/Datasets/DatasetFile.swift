import Foundation

/// A file of a named set: what it is called, what it must contain, and where the public has it.
struct DatasetFile: Sendable {
    /// Its name in the set's folder.
    let name: String
    /// The SHA-256 of a download.
    let sha256: String
    /// Addresses that serve it, the first tried first.
    let mirrors: [String]

    /// Names under which others keep the same content: unzipped, or zipped.
    var aliases: [String] {
        name.hasSuffix(".gz") ? [name, String(name.dropLast(3))] : [name, name + ".gz"]
    }
}

extension DatasetFile {
    /// The four files of MNIST and of sets in its form, from mirrors that serve them by name.
    static func idxFiles(sums: [String], mirrors: [String]) -> [DatasetFile] {
        let names = [
            "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz",
        ]
        return zip(names, sums).map { name, sum in
            DatasetFile(name: name, sha256: sum, mirrors: mirrors.map { $0 + name })
        }
    }
}
