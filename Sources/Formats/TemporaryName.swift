import Foundation

/// Names of the temporary files of `AtomicFile`, by which what a killed process left behind is found again.
enum TemporaryName {
    private static let suffix = ".tmp"
    private static let nameLimit = 100

    /// `.name.process.random.tmp`.
    static func make(for name: String) -> String {
        ".\(name.prefix(nameLimit)).\(getpid()).\(UInt64.random(in: 0 ... .max))\(suffix)"
    }

    /// Whether a name is that of a temporary file, of one destination if it is given, whose process is gone.
    static func isLeftover(_ name: String, of destination: String = "") -> Bool {
        let start = destination.isEmpty ? "." : ".\(destination.prefix(nameLimit))."
        guard name.hasPrefix(start), name.hasSuffix(suffix) else { return false }
        let parts = name.dropFirst().dropLast(suffix.count).split(separator: ".")
        guard parts.count >= 3, UInt64(parts[parts.count - 1]) != nil,
            let process = pid_t(parts[parts.count - 2]), process > 0
        else { return false }
        return kill(process, 0) != 0 && errno == ESRCH
    }
}

extension AtomicFile {
    /// Removes the temporary files that killed processes left in a folder.
    ///
    /// - Throws: `FormatError.file`.
    public static func removeLeftovers(in folder: URL) throws {
        for name in try FolderEntry.names(in: folder) where TemporaryName.isLeftover(name) {
            try FolderEntry.remove(folder.appendingPathComponent(name))
        }
    }

    /// Removes what killed processes left of one file, where that can be done: the file itself is written by now.
    static func removeLeftovers(of name: String, in folder: URL) {
        guard let names = try? FolderEntry.names(in: folder) else { return }
        for found in names where TemporaryName.isLeftover(found, of: name) {
            unlink(folder.appendingPathComponent(found).path)
        }
    }
}
