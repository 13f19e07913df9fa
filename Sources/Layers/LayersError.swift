import Tensors

/// What a user's file or setting can get wrong.
public enum LayersError: Error, Equatable {
    /// Tensors that do not fit the model they were to be loaded into.
    ///
    /// `missing` are keys that the model has and the tensors lack, `unexpected` the other way round; `misshapen`
    /// tells for each key with another shape or type what was found and expected.
    case mismatch(missing: [String], unexpected: [String], misshapen: [String])

    /// A saved count that none could have come to.
    case count(key: String, value: Int)

    /// A setting outside its range.
    case setting(name: String, value: Double, expected: String)
}

extension LayersError: CustomStringConvertible {
    /// One line: what, where, expected, found, what to do.
    public var description: String {
        switch self {
        case .mismatch(let missing, let unexpected, let misshapen):
            let parts = [
                Self.listed("missing", missing), Self.listed("unexpected", unexpected),
                Self.listed("of another shape or type", misshapen),
            ]
            return "the saved tensors do not fit this model: "
                + parts.compactMap { $0 }.joined(separator: "; ")
                + "; load them into the model they were saved from"
        case .count(let key, let value):
            return "the saved '\(key)' is \(value), which is no number of steps; load the state of a run"
        case .setting(let name, let value, let expected):
            return "\(name) is \(value); give \(expected)"
        }
    }

    /// The first few keys of a kind; nil when there are none.
    private static func listed(_ kind: String, _ keys: [String]) -> String? {
        guard !keys.isEmpty else { return nil }
        let rest = keys.count > 3 ? " and \(keys.count - 3) more" : ""
        return "\(kind): " + keys.prefix(3).joined(separator: ", ") + rest
    }
}

/// Checks that a setting lies in its range.
///
/// - Throws: `LayersError.setting` otherwise.
func check(_ isValid: Bool, _ name: String, _ value: Double, _ expected: String) throws(LayersError) {
    if !isValid { throw .setting(name: name, value: value, expected: expected) }
}

/// The number of steps that a state was saved after; `nil` where it lacks one, as `write` will tell.
///
/// - Throws: `LayersError.count` unless it is one that training could have come to.
func savedCount(_ key: String, in tensors: [String: Tensor]) throws(LayersError) -> Int? {
    guard let tensor = tensors[key], tensor.dtype == .int64, tensor.count == 1 else { return nil }
    let count = tensor.array(of: Int.self)[0]
    guard (0...1 << 53).contains(count) else { throw .count(key: key, value: count) }
    return count
}

/// Copies tensors into a state's own by key, after all of them have been found to fit.
///
/// When `strictly`, every key must be on both sides.
///
/// - Throws: `LayersError.mismatch`; nothing has changed then.
func write(
    _ tensors: [String: Tensor], into own: [(key: String, tensor: Tensor)], strictly: Bool
) throws(LayersError) {
    let keys = Set(own.map(\.key))
    let missing = strictly ? own.map(\.key).filter { tensors[$0] == nil } : []
    let unexpected = strictly ? tensors.keys.filter { !keys.contains($0) }.sorted() : []
    let misshapen = own.compactMap { key, expected -> String? in
        guard let found = tensors[key], found.shape != expected.shape || found.dtype != expected.dtype else {
            return nil
        }
        return "\(key) (\(found.dtype)\(found.shape) for \(expected.dtype)\(expected.shape))"
    }
    guard missing.isEmpty, unexpected.isEmpty, misshapen.isEmpty else {
        throw .mismatch(missing: missing, unexpected: unexpected, misshapen: misshapen)
    }
    for (key, tensor) in own {
        if let source = tensors[key] { tensor.copy(from: source) }
    }
}
