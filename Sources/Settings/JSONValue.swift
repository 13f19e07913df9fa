/// A JSON value as a tree, so that settings can be merged before they are read.
public enum JSONValue: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case flag(Bool)
    /// A whole number.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A string.
    case text(String)
    /// An array.
    case list([JSONValue])
    /// An object.
    case object([String: JSONValue])

    /// The member of an object; `nil` where there is none, or where the value is no object.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The members of an object; none of any other value.
    public var members: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// The kind that a choice names, in the form `"mixture"` or `{"kind": "mixture", …}`.
    public var kind: String? {
        switch self {
        case .text(let name): name
        case .object(let members): members[kindKey]?.kind
        default: nil
        }
    }

    /// The values that are no objects, by the keys that lead to them, joined by dots.
    public var leaves: [String: JSONValue] {
        guard case .object(let members) = self else { return ["": self] }
        var found: [String: JSONValue] = [:]
        for (key, value) in members {
            for (rest, leaf) in value.leaves { found[rest.isEmpty ? key : key + "." + rest] = leaf }
        }
        return found
    }

    /// The tree with another laid over it.
    ///
    /// Objects are merged member by member; settings without a kind go with any. A choice of another kind, and any value
    /// that is no object, replaces what was there.
    ///
    /// - Parameter other: Wins wherever both have a value.
    /// - Returns: The merged tree.
    public func merging(_ other: JSONValue) -> JSONValue {
        switch (self, other) {
        case (.object(var members), .object(let others)):
            if let own = kind, let kind = other.kind, kind != own { return other }
            for (key, value) in others { members[key] = members[key]?.merging(value) ?? value }
            return .object(members)
        // A bare name of the kind that is there changes nothing.
        case (.object, .text(let name)) where name == kind: return self
        case (.text(let name), .object(let others)) where other.kind == nil:
            return .object(others.merging([kindKey: .text(name)]) { $1 })
        default: return other
        }
    }
}

/// The member that names the kind of a choice.
let kindKey = "kind"

extension JSONValue: CustomStringConvertible {
    /// The value in one line, strings without quotes at the top level.
    public var description: String {
        if case .text(let text) = self { text } else { compact }
    }

    private var compact: String {
        switch self {
        case .null: "null"
        case .flag(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): concise(value)
        case .text(let text): text.debugDescription
        case .list(let values): "[" + values.map(\.compact).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\($0.key.debugDescription): \($0.value.compact)" }.joined(separator: ", ") + "}"
        }
    }
}

/// The number as a person writes it: a whole one without ".0".
func concise(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
