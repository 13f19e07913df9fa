import Formats

/// What can be wrong with data that a user names; `description` is one line.
public enum DatasetsError: Error, Equatable, CustomStringConvertible {
    /// A set has fewer examples than what is asked of it.
    case tooFewExamples(set: String, count: Int, wanted: String)
    /// A set has no such split.
    case noSplit(set: String, name: String, known: [String])
    /// Neither a named set nor a path.
    case unknownSet(name: String, suggestions: [String])
    /// A named set is not to be found and cannot be fetched.
    case notFound(set: String, file: String, sought: [String], remedy: String)
    /// A fetched file is not the one expected.
    case wrongChecksum(file: String, expected: String, found: String)
    /// A file or folder is not data of a kind that is read.
    case unreadable(path: String, reason: String)

    /// One line: what, where, and the mend.
    public var description: String {
        switch self {
        case .tooFewExamples(let set, let count, let wanted):
            "\(set) has \(count) example\(count == 1 ? "" : "s"), too few for \(wanted)"
        case .noSplit(let set, let name, let known):
            "\(set) has no \(name) split; it has \(known.joined(separator: ", "))"
        case .unknownSet(let name, let suggestions):
            "\(name): no such file or folder, nor a named data set"
                + (suggestions.isEmpty ? "" : "; did you mean \(suggestions.joined(separator: " or "))?")
                + " ('vae datasets' lists the named ones)"
        case .notFound(let set, let file, let sought, let remedy):
            "\(set): \(file) is not in \(sought.joined(separator: ", ")); \(remedy)"
        case .wrongChecksum(let file, let expected, let found):
            "\(file): its SHA-256 is \(found), not \(expected); the download was damaged or the mirror changed: "
                + "try again, or put the right file into --data-dir"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        }
    }
}
