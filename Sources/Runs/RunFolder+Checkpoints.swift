import Formats
import Foundation

/// Which of a run's checkpoints.
public enum CheckpointName: String, Sendable, CaseIterable {
    /// The last one written.
    case latest
    /// The one with the best validation bound.
    case best
}

extension RunFolder {
    /// The file of a name: a link to the checkpoint of a step.
    public func checkpointURL(_ name: CheckpointName) -> URL {
        checkpointsURL.appendingPathComponent(name.rawValue + ".safetensors")
    }

    /// Whether there is a checkpoint of a name.
    public func hasCheckpoint(_ name: CheckpointName) -> Bool {
        FileManager.default.fileExists(atPath: checkpointURL(name).path)
    }

    /// Writes a checkpoint, then moves the names to it, then removes what no name points to.
    ///
    /// - Throws: `FormatError.file`; the old checkpoints then stay as they were.
    public func save(_ checkpoint: Checkpoint, step: Int, as names: [CheckpointName]) throws {
        let file = String(format: "step-%09d.safetensors", step)
        try checkpoint.write(to: checkpointsURL.appendingPathComponent(file))
        for name in names { try point(name, to: file) }
        // Only when the new names outlive a power cut may the files of the old ones go.
        try AtomicFile.synchronize(folder: checkpointsURL)
        removeUnnamed()
    }

    /// Reads a checkpoint by name.
    ///
    /// - Throws: `RunsError.notARun` when there is none, or as `Checkpoint.init(readingFrom:)`.
    public func checkpoint(_ name: CheckpointName) throws -> Checkpoint {
        guard hasCheckpoint(name) else {
            throw RunsError.notARun(path: url.path, missing: "checkpoints/\(name.rawValue).safetensors")
        }
        return try Checkpoint(readingFrom: checkpointURL(name))
    }

    /// Replaces a link in one rename, so that at no time the name is without a file.
    private func point(_ name: CheckpointName, to file: String) throws {
        let link = checkpointURL(name)
        let temporary = checkpointsURL.appendingPathComponent(".\(name.rawValue).link")
        unlink(temporary.path)
        guard symlink(file, temporary.path) == 0, rename(temporary.path, link.path) == 0 else {
            throw FormatError.file(path: link.path, .unwritable(code: errno))
        }
    }

    private func removeUnnamed() {
        let manager = FileManager.default
        let named = Set(
            CheckpointName.allCases.compactMap {
                try? manager.destinationOfSymbolicLink(atPath: checkpointURL($0).path)
            })
        let files = (try? manager.contentsOfDirectory(atPath: checkpointsURL.path)) ?? []
        for file in files where file.hasPrefix("step-") && !named.contains(file) {
            try? manager.removeItem(at: checkpointsURL.appendingPathComponent(file))
        }
    }
}
