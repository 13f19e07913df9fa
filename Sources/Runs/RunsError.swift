import Formats
import Foundation
import Settings

/// What can go wrong with a run folder and its checkpoints; `description` is one line.
public enum RunsError: Error, Equatable, CustomStringConvertible {
    /// A new run would overwrite an old one.
    case exists(path: String)
    /// The folder is not a run.
    case notARun(path: String, missing: String)
    /// The folder cannot be made.
    case cannotCreate(path: String, reason: String)
    /// A setting of the configuration is not known.
    case unknownSetting(path: String, key: String, known: [String])
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

    /// One line: what, where, and the mend.
    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): a run is already there; choose another folder, or resume it"
        case .notARun(let path, let missing): "\(path): not a run folder: \(missing) is missing"
        case .cannotCreate(let path, let reason): "\(path): cannot create the folder: \(reason)"
        case .unknownSetting(let path, let key, let known):
            "\(path): unknown setting '\(key)'; known here: \(known.sorted().joined(separator: ", "))"
        case .settings(let path, let error): "\(path): \(error)"
        case .malformed(let path, let reason): "\(path): not a valid configuration: \(reason)"
        case .notKept(let path, let epoch, let known):
            "\(path): no checkpoint of epoch \(epoch) was kept; there are \(known.joined(separator: ", "))"
        case .notACheckpoint(let path, let reason): "\(path): not a checkpoint of this program: \(reason)"
        case .mismatch(let path, let reason): "\(path): holds another model: \(reason)"
        }
    }
}
