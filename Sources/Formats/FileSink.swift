import Foundation

/// An open file that bytes are written to in order.
public final class FileSink {
    private let descriptor: Int32

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes all the bytes.
    ///
    /// - Throws: `FormatError.unwritable`, for instance where the disk is full.
    public func write(_ data: Data) throws {
        try data.withUnsafeBytes(write)
    }

    /// Writes all the bytes of a buffer.
    ///
    /// - Throws: `FormatError.unwritable`, for instance where the disk is full.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard var next = bytes.baseAddress else { return }
        var left = bytes.count
        while left > 0 {
            #if canImport(Darwin)
                let written = Darwin.write(descriptor, next, left)
            #else
                let written = Glibc.write(descriptor, next, left)
            #endif
            if written < 0 && errno == EINTR { continue }
            guard written >= 0 else { throw FormatError.unwritable(code: errno) }
            next += written
            left -= written
        }
    }

    /// Moves to a byte, counted from the start, so that the next write replaces what stands there.
    ///
    /// - Throws: `FormatError.unwritable`.
    public func seek(to offset: Int) throws {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw FormatError.unwritable(code: errno)
        }
    }

    /// Waits until the device holds what was written.
    package func synchronize() throws {
        guard uninterrupted({ fsync(descriptor) }) == 0 else { throw FormatError.unwritable(code: errno) }
    }

    /// Gives the file these permissions.
    func setMode(_ mode: mode_t) throws {
        guard fchmod(descriptor, mode) == 0 else { throw FormatError.unwritable(code: errno) }
    }
}
