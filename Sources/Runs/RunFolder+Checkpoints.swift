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
    ///
    /// - Throws: `FormatError.file` where that cannot be found out.
    public func hasCheckpoint(_ name: CheckpointName) throws -> Bool {
        try FolderEntry.kind(of: checkpointURL(name)) != nil
    }

    /// The names of the checkpoints that are there: the standing ones, then kept epochs in order.
    ///
    /// - Throws: `FormatError.file`.
    public func checkpointNames() throws -> [CheckpointName] {
        let epochs = try FolderEntry.names(in: checkpointsURL).compactMap { file -> Int? in
            guard file.hasSuffix(Self.suffix),
                case .epoch(let epoch)? = CheckpointName(rawValue: String(file.dropLast(Self.suffix.count)))
            else { return nil }
            return epoch
        }
        return try CheckpointName.standing.filter(hasCheckpoint) + epochs.sorted().map { .epoch($0) }
    }

    /// Writes a checkpoint, then moves the names to it, then removes what they pointed to before, unless it has a name.
    ///
    /// - Throws: `FormatError.file`; the old checkpoints then stay as they were.
    public func save(_ checkpoint: Checkpoint, step: Int, as names: [CheckpointName]) throws {
        try checkOwned(checkpointsURL)
        let file = Self.fileName(ofStep: step)
        try checkpoint.write(to: checkpointsURL.appendingPathComponent(file))
        let replaced = try names.compactMap(target)
        // The latest, by which resuming goes, moves last: a run that is killed in between makes the others again.
        for name in names where name != .latest { try point(name, to: file) }
        if names.contains(.latest) { try point(.latest, to: file) }
        // Only when the new names outlive a power cut may the files of the old ones go.
        try AtomicFile.synchronize(folder: checkpointsURL)
        let named = try namedFiles()
        for old in Set(replaced) where Self.isStepFile(old) && !named.contains(old) {
            try FolderEntry.remove(checkpointsURL.appendingPathComponent(old))
        }
    }

    /// Reads a checkpoint by name.
    ///
    /// - Throws: `RunsError.notKept` for an epoch that was not kept, `.notARun` for a standing name that is missing, or as
    ///   `Checkpoint.init(readingFrom:)`.
    public func checkpoint(_ name: CheckpointName) throws -> Checkpoint {
        guard try hasCheckpoint(name) else {
            if case .epoch(let epoch) = name {
                throw RunsError.notKept(
                    path: url.path, epoch: epoch, known: try checkpointNames().map(\.rawValue))
            }
            throw RunsError.notARun(path: url.path, missing: "checkpoints/\(name.rawValue).safetensors")
        }
        return try Checkpoint(readingFrom: checkpointURL(name))
    }

    private static let stepDigits = 9

    private static func fileName(ofStep step: Int) -> String {
        String(format: "step-%0\(stepDigits)d", step) + suffix
    }

    /// Whether a file has the name of one that `save` writes.
    private static func isStepFile(_ name: String) -> Bool {
        guard name.hasPrefix("step-"), name.hasSuffix(suffix) else { return false }
        let digits = name.dropFirst("step-".count).dropLast(suffix.count)
        return digits.count >= stepDigits && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// The file that a name points to.
    private func target(_ name: CheckpointName) throws -> String? {
        guard case .link(let target)? = try FolderEntry.kind(of: checkpointURL(name)) else { return nil }
        return target
    }

    private func namedFiles() throws -> Set<String> { try Set(checkpointNames().compactMap(target)) }

    private func link(of name: CheckpointName) -> URL {
        checkpointsURL.appendingPathComponent(".\(name.rawValue).link")
    }

    /// Replaces a link in one rename, so that at no time the name is without a file.
    private func point(_ name: CheckpointName, to file: String) throws {
        let (link, temporary) = (checkpointURL(name), link(of: name))
        unlink(temporary.path)
        guard symlink(file, temporary.path) == 0, rename(temporary.path, link.path) == 0 else {
            throw FormatError.file(path: link.path, .unwritable(code: errno))
        }
    }

    /// Removes checkpoints that a killed process wrote and did not come to name, and links that it did not move.
    func removeUnnamedCheckpoints() throws {
        let named = try namedFiles()
        for file in try FolderEntry.names(in: checkpointsURL) {
            let url = checkpointsURL.appendingPathComponent(file)
            let isLink = file.hasPrefix(".") && file.hasSuffix(".link")
            let isUnmoved =
                isLink && CheckpointName(rawValue: String(file.dropFirst().dropLast(".link".count))) != nil
            let isUnnamed =
                try Self.isStepFile(file) && !named.contains(file) && FolderEntry.kind(of: url) == .file
                && Checkpoint.isOne(url)
            if isUnmoved || isUnnamed { try FolderEntry.remove(url) }
        }
    }
}
