import Foundation

/// Questions to the file system in which an error is never taken for absence.
public enum FolderEntry {
    /// What a path names, without following a link at its end.
    public enum Kind: Sendable, Equatable {
        /// A file with bytes.
        case file
        /// A folder.
        case folder
        /// A symbolic link, with the text that it holds.
        case link(to: String)
        /// A pipe, a device, a socket.
        case other
    }

    /// What a path names; `nil` where there is nothing.
    ///
    /// - Throws: `FormatError.file` where that cannot be found out.
    public static func kind(of url: URL) throws -> Kind? {
        var status = stat()
        guard lstat(url.path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(url)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link(to: try target(of: url))
        default: return .other
        }
    }

    /// Whether a path leads to a folder, by links or not.
    ///
    /// - Throws: `FormatError.file` where that cannot be found out.
    public static func isFolder(_ url: URL) throws -> Bool {
        var status = stat()
        guard stat(url.path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw unreadable(url)
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, in no order.
    ///
    /// - Throws: `FormatError.file`.
    public static func names(in folder: URL) throws -> [String] {
        guard let stream = opendir(folder.path) else { throw unreadable(folder) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(cString: $0.assumingMemoryBound(to: CChar.self).baseAddress!)
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw unreadable(folder) }
        return names
    }

    /// Removes a file or a link; nothing happens where there is none.
    ///
    /// - Throws: `FormatError.file`.
    public static func remove(_ url: URL) throws {
        guard unlink(url.path) == 0 || errno == ENOENT else {
            throw FormatError.file(path: url.path, .unwritable(code: errno))
        }
    }

    private static func target(of url: URL) throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(url.path, &buffer, buffer.count)
        guard length >= 0 else { throw unreadable(url) }
        return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func unreadable(_ url: URL) -> FormatError {
        .file(path: url.path, .unreadable(code: errno))
    }
}
