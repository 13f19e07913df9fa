import Formats
import Foundation
import Settings

/// What can go wrong with a run folder and its checkpoints; `description` is one line.
public enum RunsError: Error, Equatable, CustomStringConvertible {
    /// A new run would overwrite an old one.
    case exists(path: String)
    /// Another process writes the run.
    case locked(path: String, process: Int32?)
    /// A folder of the run is a link, so that what is written there would leave the run.
    case foreignFolder(path: String, target: String)
    /// A line of the metrics is not a record.
    case brokenMetrics(path: String, line: Int)
    /// The folder is not a run.
    case notARun(path: String, missing: String)
    /// The folder cannot be made.
    case cannotCreate(path: String, reason: String)
    /// A setting of the configuration is not known.
    case unknownSetting(path: String, key: String, known: [String])
    /// A setting is another one than when the checkpoint was written.
    case changedSetting(path: String, key: String, then: String, now: String)
    /// A setting of the configuration is out of its range, or the whole of another version.
    case settings(path: String, SettingsError)
    /// The configuration is not JSON of the right form.
    case malformed(path: String, reason: String)
    /// There is no checkpoint of an epoch.
    case notKept(path: String, epoch: Int, known: [String])
    /// A checkpoint is not one of ours, or of a later version.
    case notACheckpoint(path: String, reason: String)
    /// A checkpoint holds another model than the one asked for.
    case mismatch(path: String, reason: String)
    /// The weights of a checkpoint are not finite numbers.
    case notFinite(path: String, name: String)

    /// One line: what, where, and the mend.
    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): a run is already there; choose another folder, or resume it"
        case .locked(let path, let process):
            "\(path): \(process.map { "process \($0)" } ?? "another process") is writing this run; wait for it, or stop it"
        case .foreignFolder(let path, let target):
            "\(path): a link to '\(target)', where nothing of this run is written; put a folder in its place"
        case .brokenMetrics(let path, let line):
            "\(path): line \(line) is not a record; restore or remove it"
        case .notARun(let path, let missing): "\(path): not a run folder: \(missing) is missing"
        case .cannotCreate(let path, let reason): "\(path): cannot create the folder: \(reason)"
        case .unknownSetting(let path, let key, let known):
            "\(path): unknown setting '\(key)'; known here: \(known.sorted().joined(separator: ", "))"
        case .changedSetting(let path, let key, let then, let now):
            "\(path): \(key) was \(then) when the checkpoint was written and is \(now); put it back, or begin a new run"
        case .settings(let path, let error): "\(path): \(error)"
        case .malformed(let path, let reason): "\(path): not a valid configuration: \(reason)"
        case .notKept(let path, let epoch, let known):
            "\(path): no checkpoint of epoch \(epoch) was kept; there are \(known.joined(separator: ", "))"
        case .notACheckpoint(let path, let reason): "\(path): not a checkpoint of this program: \(reason)"
        case .mismatch(let path, let reason): "\(path): holds another model: \(reason)"
        case .notFinite(let path, let name):
            "\(path): the weights '\(name)' are not finite: the run diverged; take another checkpoint, or train "
                + "again with a lower learning rate"
        }
    }
}
