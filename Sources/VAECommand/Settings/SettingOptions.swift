import CommandLineKit
import VAE

/// The options that declarations of settings stand for, as the command line reads and explains them.
struct SettingOptions: Sendable {
    /// Which options there are, and whose.
    let table: OptionTable
    private let values: [String: CommandLineKit.Option<String?>]
    private let flags: [String: CommandLineKit.Option<Bool>]

    /// The options of settings.
    init(_ outlines: [SettingOutline]) {
        table = OptionTable(outlines)
        var values: [String: CommandLineKit.Option<String?>] = [:]
        var flags: [String: CommandLineKit.Option<Bool>] = [:]
        for entry in table.entries {
            if entry.isFlag {
                flags[entry.name] = .flag(entry.name, help: entry.help)
            } else {
                values[entry.name] = CommandLineKit.Option(
                    entry.name, entry.valueKind, placeholder: entry.placeholder,
                    defaultText: entry.defaultText, help: entry.help)
            }
        }
        self.values = values
        self.flags = flags
    }

    /// Every option.
    var names: [String] { table.entries.map(\.name) }

    /// The option of a name.
    subscript(name: String) -> any CommandLineKit.Parameter {
        if let option = values[name] { return option }
        guard let flag = flags[name] else { preconditionFailure("no setting has the option --\(name)") }
        return flag
    }

    /// The options that the user wrote, with their words.
    func given(_ arguments: Arguments) -> [String: String] {
        var given = values.compactMapValues { arguments[$0] }
        for (name, flag) in flags where arguments.isGiven(flag) { given[name] = "\(arguments[flag])" }
        return given
    }

    /// What the options change in a tree of settings.
    ///
    /// - Throws: `UsageError` for an option whose owner was not chosen.
    func overrides(_ given: [String: String], on base: JSONValue) throws -> JSONValue {
        do {
            return try table.overrides(given, on: base)
        } catch let error as OptionError {
            throw UsageError(error.description)
        }
    }

    /// What a user is told of settings at fault: the option, if one was given, else the file.
    func failure(_ error: SettingsError, given: [String: String], file: String?) -> any Error {
        let kind = ".kind"
        let setting = error.setting.map { $0.hasSuffix(kind) ? String($0.dropLast(kind.count)) : $0 }
        let entry = table.entries.first { entry in
            given[entry.name] != nil && entry.places.contains { $0.setting == setting }
        }
        if let entry, case .invalid(_, let value, let allowed) = error {
            let shown = entry.isFlag ? "'--\(entry.name)' is refused" : "'--\(entry.name)' is \(value)"
            return UsageError("\(shown); allowed: \(allowed)")
        }
        return Failure((file.map { $0 + ": " } ?? "") + error.description, exitCode: .config)
    }
}

extension OptionTable.Entry {
    /// What the settings of the option do, each said once.
    fileprivate var help: String {
        unique { place in
            let option = place.outline.option
            return option?.flags.first { $0.name == name }?.help ?? option?.help
        }.joined(separator: " ")
    }

    fileprivate var placeholder: String? { places[0].outline.option?.placeholder }

    /// The default, or that of each kind that the option belongs to.
    fileprivate var defaultText: String? {
        let texts = places.map { ($0.steps.last?.kind, $0.outline.defaultText) }
        let distinct = unique { $0.outline.defaultText }
        if distinct.count <= 1 { return distinct.first.flatMap { $0.isEmpty ? nil : $0 } }
        return texts.map { "\($0.1 ?? "none") for \($0.0 ?? "others")" }.joined(separator: ", ")
    }

    fileprivate var valueKind: ValueKind<String> {
        let names = unique { $0.outline.names.isEmpty ? nil : $0.outline.names.joined(separator: ", ") }
        let placeholder: String =
            switch places[0].outline.content {
            case .value(let value): value.placeholder
            case .nested, .choice: "name"
            }
        return ValueKind(
            placeholder: placeholder, expectation: unique { $0.outline.allowed }.joined(separator: ", or "),
            hint: names.isEmpty ? nil : names.joined(separator: "; "),
            choices: places.flatMap(\.outline.names), format: { $0 }, parse: { accepts($0) ? $0 : nil })
    }

    private func unique(_ text: (OptionTable.Place) -> String?) -> [String] {
        places.compactMap(text).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension SettingOutline {
    /// The default as the user would write it.
    fileprivate var defaultText: String? {
        if let text = option?.defaultText { return text }
        guard let json = defaultJSON else { return nil }
        switch (content, json) {
        case (.choice, _): return json.kind
        case (_, .list(let values)): return values.map(\.description).joined(separator: ",")
        default: return json.description
        }
    }
}
