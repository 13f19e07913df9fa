/// A named option, `--name value` or `--name=value`.
///
///     let epochs = Option("epochs", .integer(in: 1...), default: 10, help: "Passes over the data.")
///     let seed = Option("seed", .integer(in: 0...), help: "Seed of all random draws.")  // Option<Int?>
///     let data = Option(required: "data", .string, help: "A set's name or a path.")
///     let quiet = Option.flag("quiet", short: "q", help: "Print results only.")
public struct Option<Value: Sendable>: Parameter {
    /// How the option is written and described.
    public let declaration: Declaration
    private let resolve: @Sendable (String?) -> Value?

    /// Declares an option that has a default.
    ///
    /// - Parameters:
    ///   - name: The long name, without dashes.
    ///   - short: A short name, written `-q`.
    ///   - kind: How a value is read.
    ///   - defaultValue: The value when the option is not given; the help shows it.
    ///   - placeholder: Stands for the value in the help; the kind's own if `nil`.
    ///   - help: What the option does.
    public init(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, default defaultValue: Value,
        placeholder: String? = nil, help: String
    ) {
        declaration = Declaration(
            .option, name, short: short, kind, placeholder: placeholder, help: help, isRequired: false,
            defaultText: kind.format(defaultValue))
        resolve = { text in text.map(kind.parse) ?? defaultValue }
    }

    /// Declares an option that may be left out; its value is then `nil`.
    ///
    /// - Parameters:
    ///   - name: The long name, without dashes.
    ///   - short: A short name, written `-q`.
    ///   - kind: How a value is read.
    ///   - placeholder: Stands for the value in the help; the kind's own if `nil`.
    ///   - defaultText: What the help shows as the default, where something else decides on it.
    ///   - help: What the option does, and what happens without it.
    public init<Wrapped>(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Wrapped>, placeholder: String? = nil,
        defaultText: String? = nil, help: String
    ) where Value == Wrapped? {
        declaration = Declaration(
            .option, name, short: short, kind, placeholder: placeholder, help: help, isRequired: false,
            defaultText: defaultText)
        resolve = { text in
            guard let text else { return .some(nil) }
            return kind.parse(text).map { $0 }
        }
    }

    /// Declares an option that must be given.
    ///
    /// - Parameters:
    ///   - name: The long name, without dashes.
    ///   - short: A short name, written `-q`.
    ///   - kind: How a value is read.
    ///   - placeholder: Stands for the value in the help; the kind's own if `nil`.
    ///   - help: What the option does.
    public init(
        required name: String, short: Character? = nil, _ kind: ValueKind<Value>, placeholder: String? = nil,
        help: String
    ) {
        declaration = Declaration(
            .option, name, short: short, kind, placeholder: placeholder, help: help, isRequired: true)
        resolve = { text in text.flatMap(kind.parse) }
    }

    private init(flag declaration: Declaration, default defaultValue: Value, _ kind: ValueKind<Value>) {
        self.declaration = declaration
        resolve = { text in text.map(kind.parse) ?? defaultValue }
    }

    /// The value of a text, or `nil` if it stands for none; without a text, the default.
    public func value(of text: String?) -> Value? {
        resolve(text)
    }
}

extension Option where Value == Bool {
    /// Declares a switch: `--name` turns it on.
    ///
    /// - Parameters:
    ///   - name: The long name, without dashes.
    ///   - short: A short name, written `-q`.
    ///   - defaultValue: The value when the flag is not given. One that is on by default is negatable.
    ///   - isNegatable: Whether `--no-name` turns it off.
    ///   - help: What the flag does when on.
    /// - Returns: The flag, an option without a value.
    public static func flag(
        _ name: String, short: Character? = nil, default defaultValue: Bool = false,
        isNegatable: Bool = false, help: String
    ) -> Option<Bool> {
        let kind = ValueKind<Bool>(
            placeholder: "", expectation: "no value", format: { $0 ? "on" : "off" },
            parse: { $0 == "on" })
        let isNegatable = isNegatable || defaultValue
        let declaration = Declaration(
            .flag(isNegatable: isNegatable), name, short: short, kind, placeholder: nil, help: help,
            isRequired: false, defaultText: isNegatable ? kind.format(defaultValue) : nil)
        return Option(flag: declaration, default: defaultValue, kind)
    }
}
