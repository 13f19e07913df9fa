import Foundation

/// Names of the temporary files of `AtomicFile`, by which what a killed process left behind is found again.
enum TemporaryName {
    private static let suffix = ".tmp"

    /// `.name.process.random.tmp`.
    static func make(for name: String) -> String {
        ".\(name.prefix(100)).\(getpid()).\(UInt64.random(in: 0 ... .max))\(suffix)"
    }

    /// Whether a name is that of a temporary file whose process is gone.
    static func isLeftover(_ name: String) -> Bool {
        guard name.hasPrefix("."), name.hasSuffix(suffix) else { return false }
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
}
