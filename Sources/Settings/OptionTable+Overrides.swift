/// What options can have against one another, before any value is read; `description` is one line.
public enum OptionError: Error, Equatable, CustomStringConvertible {
    /// An option belongs to a choice that was not made.
    case unowned(option: String, owners: String)
    /// An option's value does not suit the setting that it has under the choices that were made.
    case invalid(option: String, value: String, allowed: String)
    /// Two flags of one setting are given.
    case exclusive(String, String)

    /// One line.
    public var description: String {
        switch self {
        case .unowned(let option, let owners): "'--\(option)' belongs to \(owners)"
        case .invalid(let option, let value, let allowed):
            "invalid value '\(value)' for '--\(option)'; expected \(allowed)"
        case .exclusive(let first, let second): "'--\(first)' and '--\(second)' exclude each other"
        }
    }
}

extension OptionTable {
    /// The tree of settings that options stand for.
    ///
    /// - Parameters:
    ///   - given: The options by name, with their words; a flag's are "true" or "false".
    ///   - base: What is chosen without them; defaults where it says nothing.
    /// - Returns: What they change in the base, with the kinds of the choices on the way.
    /// - Throws: `OptionError`.
    public func overrides(_ given: [String: String], on base: JSONValue) throws -> JSONValue {
        var unused = Set(given.keys)
        let overrides = try Self.overrides(outlines, given, base, &unused)
        let whole = base.merging(overrides)
        for entry in entries where unused.contains(entry.name) {
            throw OptionError.unowned(option: entry.name, owners: owners(of: entry, in: whole))
        }
        return overrides
    }

    private static func overrides(
        _ outlines: [SettingOutline], _ given: [String: String], _ base: JSONValue,
        _ unused: inout Set<String>
    ) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        for outline in outlines {
            let inner = base[outline.key] ?? outline.defaultJSON ?? .object([:])
            switch outline.content {
            case .value(let value):
                members[outline.key] = try override(outline, value, given, &unused)
            case .nested(let settings):
                let changes = try overrides(settings(), given, inner, &unused)
                if !changes.members.isEmpty { members[outline.key] = changes }
            case .choice(let choice):
                let chosen = outline.option.flatMap { given[$0.name] }
                if chosen != nil, let option = outline.option { unused.remove(option.name) }
                guard let name = chosen ?? inner.kind,
                    let kind = choice.kinds.first(where: { $0.name == name })
                else { continue }
                let kept = name == inner.kind ? inner : .object([:])
                let changes = try overrides(kind.settings, given, kept, &unused).members
                if chosen != nil || !changes.isEmpty {
                    members[outline.key] = .object(changes.merging([kindKey: .text(name)]) { $1 })
                }
            }
        }
        return .object(members)
    }

    private static func override(
        _ outline: SettingOutline, _ value: ValueOutline, _ given: [String: String],
        _ unused: inout Set<String>
    ) throws -> JSONValue? {
        guard let option = outline.option else { return nil }
        if !option.flags.isEmpty {
            let chosen = option.flags.filter { given[$0.name] == "true" }
            if chosen.count > 1 { throw OptionError.exclusive(chosen[0].name, chosen[1].name) }
            for flag in option.flags { unused.remove(flag.name) }
            return chosen.first?.value
        }
        guard let text = given[option.name] else { return nil }
        unused.remove(option.name)
        guard let json = value.parse(text) else {
            throw OptionError.invalid(option: option.name, value: text, allowed: value.allowed)
        }
        return json
    }

    /// The choices that an option belongs to, in words: `'--prior mixture' or 'vamp'`.
    private func owners(of entry: Entry, in tree: JSONValue) -> String {
        var groups: [(option: String, kinds: [String])] = []
        for place in entry.places {
            guard let step = Self.firstMismatch(place.steps, in: tree, outlines), let kind = step.kind else {
                continue
            }
            let option = step.option ?? step.key
            if let index = groups.firstIndex(where: { $0.option == option }) {
                if !groups[index].kinds.contains(kind) { groups[index].kinds.append(kind) }
            } else {
                groups.append((option, [kind]))
            }
        }
        let phrases = groups.map { group in
            let names = ["'--\(group.option) \(group.kinds[0])'"] + group.kinds.dropFirst().map { "'\($0)'" }
            guard let last = names.last, names.count > 1 else { return names[0] }
            return names.dropLast().joined(separator: ", ") + " or \(last)"
        }
        return phrases.joined(separator: ", or ")
    }

    /// The first choice on the way to a setting that was not made.
    private static func firstMismatch(_ steps: [Step], in tree: JSONValue, _ outlines: [SettingOutline])
        -> Step?
    {
        var tree = tree
        var outlines = outlines
        for step in steps {
            guard let outline = outlines.first(where: { $0.key == step.key }) else { return step }
            tree = tree[step.key] ?? outline.defaultJSON ?? .object([:])
            switch outline.content {
            case .value: return step
            case .nested(let inner): outlines = inner()
            case .choice(let choice):
                guard tree.kind == step.kind else { return step }
                outlines = choice.kinds.first { $0.name == step.kind }?.settings ?? []
            }
        }
        return nil
    }
}
