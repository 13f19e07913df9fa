import Formats
import Foundation

/// Which of a run's checkpoints.
public enum CheckpointName: Sendable, Hashable {
    /// The last one written.
    case latest
    /// The one with the best validation bound.
    case best
    /// One that was kept after an epoch, counted from 1.
    case epoch(Int)

    /// The names that every run has.
    public static let standing: [CheckpointName] = [.latest, .best]
}

extension CheckpointName: RawRepresentable {
    private static let epochPrefix = "epoch-"

    /// `latest`, `best` or `epoch-10`; `nil` for other texts.
    public init?(rawValue: String) {
        if let name = Self.standing.first(where: { $0.rawValue == rawValue }) {
            self = name
        } else if rawValue.hasPrefix(Self.epochPrefix),
            let epoch = Int(rawValue.dropFirst(Self.epochPrefix.count)), epoch > 0
        {
            self = .epoch(epoch)
        } else {
            return nil
        }
    }

    /// `latest`, `best` or `epoch-10`.
    public var rawValue: String {
        switch self {
        case .latest: "latest"
        case .best: "best"
        case .epoch(let epoch): "\(Self.epochPrefix)\(epoch)"
        }
    }
}

extension RunFolder {
    private static let suffix = ".safetensors"

    /// The file of a name: a link to the checkpoint of a step.
    public func checkpointURL(_ name: CheckpointName) -> URL {
        checkpointsURL.appendingPathComponent(name.rawValue + Self.suffix)
    }

    /// Whether there is a checkpoint of a name.
    public func hasCheckpoint(_ name: CheckpointName) -> Bool {
        FileManager.default.fileExists(atPath: checkpointURL(name).path)
    }

    /// The names of the checkpoints that are there: the standing ones, then kept epochs in order.
    public var checkpointNames: [CheckpointName] {
        let epochs = checkpointFiles.compactMap { file -> Int? in
            guard file.hasSuffix(Self.suffix),
                case .epoch(let epoch)? = CheckpointName(rawValue: String(file.dropLast(Self.suffix.count)))
            else { return nil }
            return epoch
        }
        return CheckpointName.standing.filter(hasCheckpoint) + epochs.sorted().map { .epoch($0) }
    }

    private var checkpointFiles: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: checkpointsURL.path)) ?? []
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
    /// - Throws: `RunsError.notKept` for an epoch that was not kept, `.notARun` for a standing name that is missing, or as
    ///   `Checkpoint.init(readingFrom:)`.
    public func checkpoint(_ name: CheckpointName) throws -> Checkpoint {
        guard hasCheckpoint(name) else {
            if case .epoch(let epoch) = name {
                throw RunsError.notKept(
                    path: url.path, epoch: epoch, known: checkpointNames.map(\.rawValue))
            }
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
            checkpointNames.compactMap {
                try? manager.destinationOfSymbolicLink(atPath: checkpointURL($0).path)
            })
        for file in checkpointFiles where file.hasPrefix("step-") && !named.contains(file) {
            try? manager.removeItem(at: checkpointsURL.appendingPathComponent(file))
        }
    }
}
