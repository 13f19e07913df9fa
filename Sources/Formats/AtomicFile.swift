import Foundation

/// Writing of files so that a reader, a crash or a full disk finds the old content or the new, never a mixture.
///
/// The bytes go to a temporary file in the same folder, which is synced, renamed over the destination, and made
/// durable by syncing the folder. Permissions of a file that is replaced are kept; a symbolic link is followed.
public enum AtomicFile {
    /// Writes what `body` hands to the sink.
    ///
    /// On any error, also one that `body` throws, the temporary file is removed and old content stays.
    ///
    /// - Throws: `FormatError.file` around a failure to write; an error of `body` as it is.
    public static func write(to url: URL, _ body: (FileSink) throws -> Void) throws {
        try InputFile.named(url) {
            let destination = url.resolvingSymlinksInPath()
            let mode = try existingMode(of: destination)
            let folder = destination.deletingLastPathComponent()
            let temporary = folder.appendingPathComponent(
                ".\(destination.lastPathComponent.prefix(100)).\(UInt64.random(in: 0 ... .max)).tmp")
            // New files get the permissions that the user's umask leaves, as any program's do.
            let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FormatError.unwritable(code: errno) }
            do {
                defer { close(descriptor) }
                let sink = FileSink(descriptor: descriptor)
                try body(sink)
                if let mode { try sink.setMode(mode) }
                try sink.synchronize()
                guard rename(temporary.path, destination.path) == 0 else {
                    throw FormatError.unwritable(code: errno)
                }
            } catch {
                unlink(temporary.path)
                throw error
            }
            try synchronize(folder: folder)
        }
    }

    /// Writes bytes.
    ///
    /// - Throws: `FormatError.file`.
    public static func write(_ data: Data, to url: URL) throws {
        try write(to: url) { try $0.write(data) }
    }

    /// Writes text as UTF-8.
    ///
    /// - Throws: `FormatError.file`.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    /// The permissions of the file to be replaced, if there is one.
    ///
    /// Folders, pipes and devices are refused: a rename would remove `/dev/null` itself.
    private static func existingMode(of destination: URL) throws -> mode_t? {
        var status = stat()
        guard stat(destination.path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw FormatError.unwritable(code: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return status.st_mode & 0o7777
        case S_IFDIR: throw FormatError.unwritable(code: EISDIR)
        default: throw FormatError.notRegularFile
        }
    }

    /// Makes the names in a folder durable: what was created, renamed or removed.
    ///
    /// - Throws: `FormatError.unwritable`.
    public static func synchronize(folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may be written but not listed cannot be opened, and so not be synced.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Some network file systems cannot sync a folder and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FormatError.unwritable(code: errno) }
    }
}
