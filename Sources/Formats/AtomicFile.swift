import Foundation

/// Writing of files so that a reader, a crash or a full disk finds the old content or the new, never a mixture.
///
/// The bytes go to a temporary file in the same folder, which is synced, renamed over the destination, and made
/// durable by syncing the folder. Permissions of a file that is replaced are kept. A symbolic link is followed, unless asked
/// otherwise. What a killed process left of the same file goes as well.
public enum AtomicFile {
    /// Writes what `body` hands to the sink.
    ///
    /// On any error, also one that `body` throws, the temporary file is removed and old content stays.
    ///
    /// - Parameters:
    ///   - url: The destination.
    ///   - followsLinks: Whether a symbolic link keeps its place and the file that it names is replaced; otherwise the
    ///     file takes the place of the link.
    ///   - body: Hands over the bytes.
    /// - Throws: `FormatError.file` around a failure to write; an error of `body` as it is.
    public static func write(
        to url: URL, followsLinks: Bool = true, _ body: (FileSink) throws -> Void
    ) throws {
        try InputFile.named(url) {
            let destination = followsLinks ? url.resolvingSymlinksInPath() : url
            let mode = try existingMode(of: destination, followsLinks: followsLinks)
            let folder = destination.deletingLastPathComponent()
            let temporary = folder.appendingPathComponent(
                TemporaryName.make(for: destination.lastPathComponent))
            // New files get the permissions that the user's umask leaves, as any program's do.
            let descriptor = uninterrupted {
                open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            }
            guard descriptor >= 0 else { throw FormatError.unwritable(code: errno) }
            do {
                do {
                    let sink = FileSink(descriptor: descriptor)
                    try body(sink)
                    if let mode { try sink.setMode(mode) }
                    try sink.synchronize()
                } catch {
                    close(descriptor)
                    throw error
                }
                // Some file systems say only here that the disk is full.
                guard close(descriptor) == 0 else { throw FormatError.unwritable(code: errno) }
                guard rename(temporary.path, destination.path) == 0 else {
                    throw FormatError.unwritable(code: errno)
                }
            } catch {
                unlink(temporary.path)
                throw error
            }
            try synchronize(folder: folder)
            removeLeftovers(of: destination.lastPathComponent, in: folder)
        }
    }

    /// Writes bytes.
    ///
    /// - Throws: `FormatError.file`.
    public static func write(_ data: Data, to url: URL, followsLinks: Bool = true) throws {
        try write(to: url, followsLinks: followsLinks) { try $0.write(data) }
    }

    /// Writes text as UTF-8.
    ///
    /// - Throws: `FormatError.file`.
    public static func write(_ text: String, to url: URL, followsLinks: Bool = true) throws {
        try write(Data(text.utf8), to: url, followsLinks: followsLinks)
    }

    /// The permissions of the file to be replaced, if there is one.
    ///
    /// Folders, pipes and devices are refused: a rename would remove `/dev/null` itself.
    private static func existingMode(of destination: URL, followsLinks: Bool) throws -> mode_t? {
        var status = stat()
        let outcome = followsLinks ? stat(destination.path, &status) : lstat(destination.path, &status)
        guard outcome == 0 else {
            if errno == ENOENT { return nil }
            throw FormatError.unwritable(code: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return status.st_mode & 0o7777
        case S_IFLNK: return nil
        case S_IFDIR: throw FormatError.unwritable(code: EISDIR)
        default: throw FormatError.notRegularFile
        }
    }

    /// Makes the names in a folder durable: what was created, renamed or removed.
    ///
    /// - Throws: `FormatError.file`.
    public static func synchronize(folder: URL) throws {
        let descriptor = uninterrupted { open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            // A folder that may be written but not listed cannot be opened, and so not be synced.
            if errno == EACCES { return }
            throw FormatError.file(path: folder.path, .unwritable(code: errno))
        }
        defer { close(descriptor) }
        // Some network file systems cannot sync a folder and say EINVAL.
        guard uninterrupted({ fsync(descriptor) }) == 0 || errno == EINVAL else {
            throw FormatError.file(path: folder.path, .unwritable(code: errno))
        }
    }
}
