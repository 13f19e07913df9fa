import Synchronization

/// The kinds of a family that can be chosen by name, such as the priors.
///
/// `Family` is a metatype, as in `Registry<any PriorRecipe.Type>`. A package adds kinds of its own when its program
/// starts:
///
///     GaussianVAE.priors.register(MyPrior.self)
public final class Registry<Family: Sendable>: Sendable {
    /// What a member of the family is called in errors and in the help.
    public let family: String
    private let members: Mutex<[any Choice.Type]>
    private let ownCount: Int

    /// The kinds that the family begins with, in the order of the help.
    ///
    /// - Precondition: No two share a name.
    public init(_ family: String, _ kinds: [Family]) {
        self.family = family
        ownCount = kinds.count
        members = Mutex([])
        for kind in kinds { register(kind) }
    }

    /// Adds a kind.
    ///
    /// - Precondition: The family has none of that name.
    public func register(_ kind: Family) {
        guard let choice = kind as? any Choice.Type else {
            preconditionFailure("\(kind), a \(family), has no settings")
        }
        members.withLock { members in
            precondition(
                !members.contains { $0.kind == choice.kind }, "there is a \(family) '\(choice.kind)' already")
            members.append(choice)
        }
    }

    /// Whether a kind is one that the family began with, which every program knows.
    public func isBuiltIn(_ name: String) -> Bool { kinds.prefix(ownCount).contains { $0.kind == name } }

    /// All kinds, in the order in which they were registered.
    public var kinds: [any Choice.Type] { members.withLock { $0 } }

    /// The names of all kinds.
    public var names: [String] { kinds.map { $0.kind } }

    /// The kind of a name.
    public subscript(name: String) -> (any Choice.Type)? { kinds.first { $0.kind == name } }

    /// The choice that JSON stands for: an object with its kind, or a bare name for the defaults.
    ///
    /// - Throws: `SettingsError`.
    public func choice(_ json: JSONValue) throws -> any Choice {
        guard let name = json.kind else {
            throw SettingsError.invalid(
                setting: "", value: "\(json)",
                allowed: "the name of a \(family), or an object with its \"kind\" and settings")
        }
        guard let type = self[name] else {
            throw SettingsError.unknownKind(setting: "", family: family, kind: name, known: names)
        }
        if case .text = json { return type.init() }
        return try type.init(json)
    }
}
