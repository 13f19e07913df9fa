import Formats
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Fetching of a file so that only a whole and right one is ever seen under its name.
enum Download {
    /// The network or the server did not give the file.
    struct Failure: Error {
        let reason: String
    }

    /// Fetches one address and checks what comes.
    ///
    /// - Throws: `Failure`; `DatasetsError.wrongChecksum`; `FormatError.file` when it cannot be written; what the
    ///   observer throws. Nothing is left behind then.
    static func fetch(
        _ address: URL, of file: RemoteFile, to destination: URL,
        observer: @escaping DataLibrary.DownloadObserver
    ) throws {
        try AtomicFile.write(to: destination) { sink in
            let receiver = Receiver(file: file, sink: sink, observer: observer)
            try receiver.receive(address)
            let found = receiver.checksum
            guard found == file.sha256 else {
                throw DatasetsError.wrongChecksum(
                    address: address.absoluteString, expected: file.sha256, found: found)
            }
        }
    }

    /// Takes the pieces of one answer; used by one thread at a time, first the session's and then the caller's.
    private final class Receiver: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        private let file: RemoteFile
        private let sink: FileSink
        private let observer: DataLibrary.DownloadObserver
        private let digest = SHA256()
        private var tail = Data()
        private var count = 0
        private var failure: (any Error)?
        private let done = DispatchSemaphore(value: 0)

        init(file: RemoteFile, sink: FileSink, observer: @escaping DataLibrary.DownloadObserver) {
            self.file = file
            self.sink = sink
            self.observer = observer
        }

        var checksum: String {
            digest.update(tail)
            return digest.finalize()
        }

        func receive(_ address: URL) throws {
            let configuration = URLSessionConfiguration.ephemeral
            configuration.timeoutIntervalForRequest = 30
            let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
            session.dataTask(with: address).resume()
            done.wait()
            session.finishTasksAndInvalidate()
            if let failure { throw failure }
        }

        func urlSession(
            _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
            completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
        ) {
            if let status = (response as? HTTPURLResponse)?.statusCode, status != 200 {
                failure = Failure(reason: "\(response.url?.host ?? "the server") answered HTTP \(status)")
                return completionHandler(.cancel)
            }
            completionHandler(.allow)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            guard failure == nil else { return }
            do {
                try sink.write(data)
                count += data.count
                if let length = file.checkedTail {
                    tail = (tail + data).suffix(length)
                } else {
                    digest.update(data)
                }
                let total = dataTask.response?.expectedContentLength ?? -1
                try observer(file.name, count, total > 0 ? Int(total) : nil)
            } catch {
                failure = error
                dataTask.cancel()
            }
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?)
        {
            if let error, failure == nil {
                let host = task.originalRequest?.url?.host ?? "the server"
                failure = Failure(reason: "\(host): \(error.localizedDescription)")
            }
            done.signal()
        }
    }
}
