/// How a setting is written and described, without its type: what a command line and its help are made from.
public struct SettingOutline: Sendable {
    /// The key in JSON.
    public let key: String
    /// What it holds.
    public let content: Content
    /// Its option; `nil` where only a file has it.
    public let option: OptionOutline?
    private let defaultValue: @Sendable () -> JSONValue?

    /// What a setting holds.
    public enum Content: Sendable {
        /// A value.
        case value(ValueOutline)
        /// Settings of its own.
        case nested(@Sendable () -> [SettingOutline])
        /// One of the kinds of a family.
        case choice(ChoiceOutline)
    }

    init(
        _ key: String, _ content: Content, option: OptionOutline?,
        default defaultValue: @escaping @Sendable () -> JSONValue?
    ) {
        self.key = key
        self.content = content
        self.option = option
        self.defaultValue = defaultValue
    }

    /// The default in JSON; `nil` where the setting is absent by default.
    public var defaultJSON: JSONValue? { defaultValue() }
}

/// The option of a setting on a command line.
public struct OptionOutline: Sendable {
    /// The long name, without dashes.
    public let name: String
    /// Stands for the value in the help; the value's own if `nil`.
    public let placeholder: String?
    /// What the setting does.
    public let help: String
    /// What the help shows as the default; that of the declaration if `nil`, none if empty.
    public let defaultText: String?
    /// Whether the short help shows it.
    public let isUsual: Bool
    /// Options without a value, each of which stands for a value of the setting, in place of one with a value.
    public let flags: [Flag]

    /// An option without a value.
    public struct Flag: Sendable {
        /// The long name, without dashes.
        public let name: String
        /// What it sets.
        public let value: JSONValue
        /// What it does.
        public let help: String

        /// A flag that stands for a value.
        public init(_ name: String, _ value: JSONValue, help: String) {
            self.name = name
            self.value = value
            self.help = help
        }
    }

    /// An option with a value, or of a flag.
    public static func option(
        _ name: String, placeholder: String? = nil, default defaultText: String? = nil, usual: Bool = false,
        help: String
    ) -> OptionOutline {
        OptionOutline(
            name: name, placeholder: placeholder, help: help, defaultText: defaultText, isUsual: usual,
            flags: [])
    }

    /// Flags that each stand for a value.
    public static func flags(usual: Bool = false, _ flags: Flag...) -> OptionOutline {
        OptionOutline(
            name: flags[0].name, placeholder: nil, help: flags[0].help, defaultText: "", isUsual: usual,
            flags: flags)
    }
}

/// A value without its type.
public struct ValueOutline: Sendable {
    /// Stands for the value in the help.
    public let placeholder: String
    /// What is allowed; ends the sentence "expected …".
    public let allowed: String
    /// The names to choose from, where there is a closed list of them.
    public let names: [String]
    /// Whether the value is true or false.
    public let isFlag: Bool
    /// The words of a command line in JSON; `nil` where they are not allowed.
    public let parse: @Sendable (String) -> JSONValue?

    init<Value>(_ value: SettingValue<Value>) {
        placeholder = value.placeholder
        allowed = value.allowed
        names = value.names
        isFlag = Value.self == Bool.self
        parse = { text in
            let json = value.parse(text)
            return value.decode(json).map(value.encode)
        }
    }
}

/// A family to choose from.
public struct ChoiceOutline: Sendable {
    /// What a member of the family is called.
    public let family: String
    private let list: @Sendable () -> [KindOutline]

    init(family: String, kinds: @escaping @Sendable () -> [KindOutline]) {
        self.family = family
        list = kinds
    }

    /// The kinds, those that were registered later included.
    public var kinds: [KindOutline] { list() }
}

/// A kind of a family.
public struct KindOutline: Sendable {
    /// Its name.
    public let name: String
    /// The kind in a line.
    public let help: String
    /// Its settings.
    public let settings: [SettingOutline]

    init(_ type: any Choice.Type) {
        name = type.kind
        help = type.help
        settings = type.outlines
    }
}

extension Configurable {
    /// The settings without their types.
    public static var outlines: [SettingOutline] { settings.map(\.outline) }
}
