/// What can be wrong with the file of a fitted model; `description` is one line.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
    /// It is not JSON of the right form.
    case malformed(path: String, reason: String)
    /// A key means nothing.
    case unknownKey(path: String, key: String, known: [String])
    /// It is of a later version, or of a model that is not known.
    case unsupported(path: String, what: String, known: String)
    /// Its numbers are no model.
    case invalid(path: String, key: String, reason: String)

    /// One line: what, where, and the mend.
    public var description: String {
        switch self {
        case .malformed(let path, let reason):
            "\(path): not a model that 'vae fit' has written: \(reason); is it the right file?"
        case .unknownKey(let path, let key, let known):
            "\(path): unknown key '\(key)'; known here: \(known.sorted().joined(separator: ", "))"
        case .unsupported(let path, let what, let known):
            "\(path): \(what) is not known; this program reads \(known)"
        case .invalid(let path, let key, let reason): "\(path): '\(key)' \(reason); fit the model anew"
        }
    }
}
