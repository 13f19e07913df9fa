import Foundation
import Testing

/// A file of the folder that `VAE_DATA_DIR` names.
///
/// A test whose file is missing is skipped, whatever else is there.
///
/// - Parameter path: Below the folder.
/// - Returns: Where the file is.
/// - Throws: What ends the test without a failure.
public func dataFile(_ path: String) throws -> URL {
    guard let folder = ProcessInfo.processInfo.environment["VAE_DATA_DIR"] else {
        try Test.cancel("set VAE_DATA_DIR to a folder of data sets")
    }
    let url = URL(fileURLWithPath: folder).appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: url.path) else {
        try Test.cancel("\(path) is not in VAE_DATA_DIR")
    }
    return url
}
