/// Settings that are declared once.
///
/// A declaration gives a setting its key in JSON, its check with the message, its option on the command line and its
/// help:
///
///     struct Mixture: Configurable {
///         var components = 50
///
///         static var settings: [Setting<Mixture>] {
///             [.integer("components", \.components, in: 1...65_536, .option("components", help: "Gaussians."))]
///         }
///     }
public protocol Configurable: Codable, Sendable, Equatable {
    /// The defaults.
    init()

    /// The settings, in the order of the help.
    static var settings: [Setting<Self>] { get }

    /// Checks every setting by itself, and what several of them have to do with one another.
    ///
    /// A type with checks of the latter sort calls `checkSettings()` first.
    ///
    /// - Throws: `SettingsError`.
    func validate() throws

    /// Chooses, where the user has not, what depends on the data.
    ///
    /// - Parameters:
    ///   - data: What the settings are to suit.
    ///   - given: What the user has chosen, in JSON; the rest may change.
    mutating func adapt(to data: DataTraits, given: JSONValue)
}

extension Configurable {
    /// Checks every setting by itself.
    public func validate() throws { try checkSettings() }

    /// Checks every setting by itself.
    ///
    /// - Throws: `SettingsError`.
    public func checkSettings() throws {
        for setting in Self.settings { try setting.check(self) }
    }

    /// Adapts the settings that are made of others.
    public mutating func adapt(to data: DataTraits, given: JSONValue) { adaptParts(to: data, given: given) }

    /// Adapts the settings that are made of others.
    ///
    /// - Parameters:
    ///   - data: What they are to suit.
    ///   - given: What the user has chosen.
    public mutating func adaptParts(to data: DataTraits, given: JSONValue) {
        for setting in Self.settings { setting.adapt(&self, data, given[setting.key] ?? .object([:])) }
    }

    /// The settings as words of a command line, without those of choices below them: `["--components", "50"]`.
    public var optionWords: [String] {
        Self.settings.flatMap { setting -> [String] in
            guard let option = setting.outline.option, option.flags.isEmpty,
                case .value = setting.outline.content,
                let value = setting.read(self)
            else { return [] }
            let text =
                if case .list(let values) = value { values.map(\.description).joined(separator: ",") } else {
                    value.description
                }
            return ["--" + option.name, text]
        }
    }

    /// Settings from JSON: missing keys take the defaults.
    ///
    /// Each value is checked by itself; `validate()` checks the rest.
    ///
    /// - Throws: `SettingsError`.
    public init(_ json: JSONValue) throws {
        self.init()
        guard case .object(var members) = json else {
            throw SettingsError.invalid(setting: "", value: "\(json)", allowed: "an object of settings")
        }
        if self is any Choice { members[kindKey] = nil }
        let settings = Self.settings
        for setting in settings {
            if let value = members.removeValue(forKey: setting.key) { try setting.write(&self, value) }
        }
        // A setting that nobody knows may still be written as absent.
        if let unknown = members.filter({ $0.value != .null }).keys.min() {
            throw SettingsError.unknownSetting(unknown, known: settings.map(\.key))
        }
    }

    /// The settings in JSON; those that are absent are left out.
    public var json: JSONValue {
        var members: [String: JSONValue] = [:]
        for setting in Self.settings { members[setting.key] = setting.read(self) }
        if let choice = self as? any Choice { members[kindKey] = .text(type(of: choice).kind) }
        return .object(members)
    }

    /// Reads settings; missing keys take the defaults.
    public init(from decoder: any Decoder) throws { try self.init(JSONValue(from: decoder)) }

    /// Writes every setting.
    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

    /// Whether all settings are the same.
    public static func == (a: Self, b: Self) -> Bool { a.json == b.json }
}

/// Settings of one kind out of a family, such as one prior among the priors.
public protocol Choice: Configurable {
    /// The name of the kind, in JSON and on the command line.
    static var kind: String { get }

    /// The kind in a line of the help.
    static var help: String { get }
}

/// Whether two choices are of one kind with the same settings.
public func isEqual(_ a: any Choice, _ b: any Choice) -> Bool { a.json == b.json }
