/// Something that a command line can give a value to: an `Option` or a `Positional`.
///
/// A parameter is declared once, as a constant; the same constant stands in the command's declaration and
/// reads the value back, typed, from `Arguments`.
public protocol Parameter<Value>: Sendable {
    /// The type of the value that a command reads.
    associatedtype Value: Sendable
    /// How the parameter is written and described.
    var declaration: Declaration { get }
    /// The value of a text, or `nil` if it stands for none.
    ///
    /// - Parameter text: What the user wrote; `nil` if the parameter was not given.
    /// - Returns: The value.
    func value(of text: String?) -> Value?
}

/// How a parameter is written and described, without its type.
public struct Declaration: Sendable {
    package enum Form: Equatable, Sendable {
        case flag(isNegatable: Bool)
        case option
        case positional
    }

    package let form: Form
    package let name: String
    package let short: Character?
    package let placeholder: String
    package let help: String
    package let isRequired: Bool
    /// Whether it takes all words that are left, one or more.
    package let isRepeated: Bool
    /// The default as the user would write it.
    package let defaultText: String?
    package let expectation: String
    package let hint: String?
    package let choices: [String]
    package let accepts: @Sendable (String) -> Bool

    init<Value>(
        _ form: Form, _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, placeholder: String?,
        help: String, isRequired: Bool, isRepeated: Bool = false, defaultText: String? = nil
    ) {
        self.form = form
        self.name = name
        self.short = short
        self.placeholder = placeholder ?? (form == .positional ? name : kind.placeholder)
        self.help = help
        self.isRequired = isRequired
        self.isRepeated = isRepeated
        self.defaultText = defaultText
        self.expectation = kind.expectation
        self.hint = kind.hint
        self.choices = kind.choices
        self.accepts = { kind.parse($0) != nil }
    }

    /// Whether another declaration reads the same to the user.
    func isSame(as other: Declaration) -> Bool {
        form == other.form && name == other.name && short == other.short && placeholder == other.placeholder
            && help == other.help && defaultText == other.defaultText
    }

    /// As the user writes it, without a value: `--epochs` or `<run>`.
    package var label: String {
        form == .positional ? "<\(placeholder)>" : "--\(name)"
    }

    /// As the usage line shows it: `--epochs <n>`, `<run>` or `<run>…`.
    package var synopsis: String {
        form == .option ? "\(label) <\(placeholder)>" : label + (isRepeated ? "…" : "")
    }
}
