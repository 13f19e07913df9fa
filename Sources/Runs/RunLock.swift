import Formats
import Foundation

/// The right to write a run folder, which one process has at a time.
///
/// A lock of the kernel on the file `.lock`, which names the process for people. The lock of a process that has ended is
/// free, whatever the file says. Reading a run needs no lock. Where the file system knows no locks there is none.
final class RunLock: Sendable {
    private let url: URL
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `RunsError.locked` where another process has it; `FormatError.file`.
    init(_ folder: URL) throws {
        let url = folder.appendingPathComponent(".lock")
        self.url = url
        while true {
            let descriptor = uninterrupted {
                open(url.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
            }
            guard descriptor >= 0 else { throw FormatError.file(path: url.path, .unwritable(code: errno)) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || [ENOLCK, EOPNOTSUPP].contains(errno) else {
                let code = errno
                defer { close(descriptor) }
                guard code == EWOULDBLOCK else {
                    throw FormatError.file(path: url.path, .unwritable(code: code))
                }
                let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
                throw RunsError.locked(path: folder.path, process: Int32(text.prefix { $0.isNumber }))
            }
            // The one that had the lock may have removed the file between the two calls above.
            do {
                if try Self.isSame(descriptor, url) {
                    self.descriptor = descriptor
                    break
                }
            } catch {
                close(descriptor)
                throw error
            }
            close(descriptor)
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
    }

    deinit {
        unlink(url.path)
        close(descriptor)
    }

    private static func isSame(_ descriptor: Int32, _ url: URL) throws -> Bool {
        var opened = stat()
        var named = stat()
        guard fstat(descriptor, &opened) == 0, lstat(url.path, &named) == 0 else {
            // A file system that keeps failing would be asked for ever.
            guard errno == ENOENT else { throw FormatError.file(path: url.path, .unreadable(code: errno)) }
            return false
        }
        return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }
}
