import Formats
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Fetches one file and checks it; what is interrupted or damaged leaves nothing behind.
struct Download {
    let file: DatasetFile
    let set: String

    /// Puts the file into a folder, trying one mirror after the other.
    ///
    /// - Throws: `DatasetsError.wrongChecksum`, or `.notFound` with the last mirror's reason.
    func run(into folder: URL, progress: (String) -> Void) throws -> URL {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var reason = "no public mirror is known"
        for mirror in file.mirrors {
            progress("fetching \(mirror)")
            do {
                return try fetch(mirror, into: folder)
            } catch let error as DatasetsError {
                throw error
            } catch {
                reason = error.localizedDescription
            }
        }
        throw DatasetsError.notFound(
            set: set, file: file.name, sought: [folder.path],
            remedy: "downloading failed (\(reason)); put the file into a folder and name it with --data-dir")
    }

    private func fetch(_ address: String, into folder: URL) throws -> URL {
        guard let url = URL(string: address) else { throw URLError(.badURL) }
        let partial = folder.appendingPathComponent(".\(file.name).\(UUID().uuidString).partial")
        defer { try? FileManager.default.removeItem(at: partial) }
        try Self.load(url, to: partial)
        let sum = try SHA256.hexDigest(ofFileAt: partial)
        guard sum == file.sha256 else {
            throw DatasetsError.wrongChecksum(file: address, expected: file.sha256, found: sum)
        }
        let destination = folder.appendingPathComponent(file.name)
        guard rename(partial.path, destination.path) == 0 else {
            throw FormatError.file(path: destination.path, .unwritable(code: errno))
        }
        return destination
    }

    /// Waits for one transfer to end.
    private static func load(_ url: URL, to destination: URL) throws {
        let done = DispatchSemaphore(value: 0)
        let outcome = Outcome()
        let task = URLSession.shared.downloadTask(with: url) { location, response, error in
            defer { done.signal() }
            let status = (response as? HTTPURLResponse)?.statusCode ?? 200
            if let error {
                outcome.error = error
            } else if status != 200 {
                outcome.error = URLError(
                    .badServerResponse, userInfo: [NSLocalizedDescriptionKey: "status \(status)"])
            } else if let location {
                // The temporary file is gone when this closure returns.
                do { try FileManager.default.moveItem(at: location, to: destination) } catch {
                    outcome.error = error
                }
            }
        }
        task.resume()
        done.wait()
        if let error = outcome.error { throw error }
    }

    /// Written by the transfer before the semaphore is raised, read after.
    private final class Outcome: @unchecked Sendable {
        var error: (any Error)?
    }
}
