import CommandLineKit
import Foundation
import VAE

/// Shows downloads of data on standard error, a bar for each file.
final class DownloadDisplay: @unchecked Sendable {
    private let isQuiet: Bool
    // Guards what follows: downloads report from threads of their own.
    private let lock = NSLock()
    private var file = ""
    private var bar: ProgressBar?
    private var shown = 0

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    /// Tells the display of each piece that has come.
    var observer: DataLibrary.DownloadObserver {
        { [self] file, bytes, total in
            lock.withLock { show(file, kibibytes: bytes >> 10, of: total.map { $0 >> 10 }) }
        }
    }

    private func show(_ file: String, kibibytes: Int, of total: Int?) {
        if file != self.file || kibibytes < shown {
            bar?.finish()
            bar = ProgressBar(
                "fetching \(file)", total: total, unit: "KiB", style: .automatic(isQuiet: isQuiet))
            self.file = file
            shown = 0
        }
        bar?.advance(by: kibibytes - shown)
        shown = kibibytes
    }

    /// Ends the last bar.
    func finish() {
        lock.withLock { bar?.finish() }
    }
}
