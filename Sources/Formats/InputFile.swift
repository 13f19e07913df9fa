import Foundation

/// Opening of files for reading, with errors that name the file.
public enum InputFile {
    /// All bytes of a file.
    ///
    /// - Throws: `FormatError.file`.
    public static func contents(of url: URL) throws -> Data { try parse(url) { Data($0) } }

    /// Maps a file and hands its bytes to a parser.
    ///
    /// A mapped file takes memory only as it is read. Shortening it meanwhile is fatal, as for any mapping;
    /// our own writers therefore replace files and never change them in place.
    ///
    /// - Throws: `FormatError.file`, around whatever `parse` or the file system reports.
    static func parse<Result>(_ url: URL, _ parse: (Data) throws -> Result) throws -> Result {
        try named(url) {
            try checkIsRegular(url)
            let data: Data
            do {
                data = try Data(contentsOf: url, options: .alwaysMapped)
            } catch {
                throw FormatError.unreadable(code: systemCode(of: error))
            }
            return try parse(data)
        }
    }

    /// Refuses folders, pipes and devices, which cannot be mapped and may have no end.
    static func checkIsRegular(_ url: URL) throws {
        var status = stat()
        guard stat(url.path, &status) == 0 else {
            throw errno == ENOENT ? FormatError.missing : FormatError.unreadable(code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FormatError.notRegularFile }
    }

    /// Adds the path to any `FormatError` of `body` that lacks one.
    static func named<Result>(_ url: URL, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as FormatError {
            if case .file = error { throw error }
            throw FormatError.file(path: url.relativePath, error)
        }
    }

    private static func systemCode(of error: any Error) -> Int32 {
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError { return Int32(cause.code) }
        return error.code == CocoaError.fileReadNoPermission.rawValue ? EACCES : EIO
    }
}

extension Data {
    /// The first bytes, for messages about what a file begins with.
    func start(_ length: Int) -> [UInt8] { [UInt8](prefix(length)) }
}
