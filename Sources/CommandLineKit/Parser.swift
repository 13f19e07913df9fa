import Foundation

/// What a command line asks for.
package enum Request {
    case run(body: @Sendable (Arguments) throws -> Void, Arguments)
    case help
    case version
}

/// Reads a command line by the conventions of GNU.
///
/// `--name value` and `--name=value`, `-q`; `--` ends the options; options and positionals mix freely. A word
/// that begins with a dash is a value only if it is a number (`--shift -1`); others are written with `=`. An
/// option given twice takes the last value, so that a script's options can be overridden by appending; each
/// value is checked. Abbreviations are not accepted, but suggested. `--help` and `--version` win over
/// everything else on the line.
package struct CommandLineParser {
    /// The program, its subcommand and so on; as far as the words were understood.
    package private(set) var path: [Command]
    /// How much help the words ask for.
    package private(set) var detail = HelpDetail.short([])

    package init(_ program: Command) {
        path = [program]
    }

    private var command: Command { path[path.count - 1] }

    /// Reads the words after the program's name.
    ///
    /// - Throws: `UsageError` for whatever is unknown, missing, out of range or too much.
    package mutating func parse(_ words: [String]) throws(UsageError) -> Request {
        var rest = words[...]
        while !command.subcommands.isEmpty, let word = rest.first, !word.hasPrefix("-") {
            let names = command.subcommands.map(\.name)
            if word == "help", !names.contains(word) {
                rest = rest.dropFirst() + ["--help"]
            } else if let index = names.firstIndex(of: word) {
                path.append(command.subcommands[index])
                rest = rest.dropFirst()
            } else {
                throw UsageError(Self.unknown("command", word, among: names))
            }
        }
        let options = rest.prefix { $0 != "--" }
        if options.contains("--help") || options.contains("-h") || options.contains("--help-all") {
            detail = HelpDetail(options)
            return .help
        }
        if options.contains("--version") { return .version }
        guard let body = command.body else {
            if let word = rest.first, word != "--" {
                throw UsageError(Self.unknown("option", word, among: ["--help", "--version"]))
            }
            // The bare name of the program, or of a group of commands, asks what there is.
            return .help
        }
        return .run(body: body, try arguments(rest))
    }

    private func arguments(_ words: ArraySlice<String>) throws(UsageError) -> Arguments {
        var texts: [String: String] = [:]
        var positionals = command.positionals[...]
        var rest = words
        var acceptsOptions = true
        while let word = rest.popFirst() {
            if acceptsOptions, word == "--" {
                acceptsOptions = false
            } else if acceptsOptions, Self.looksLikeOption(word) {
                let (declaration, text) = try readOption(word, &rest)
                texts[declaration.label] = text
            } else if let declaration = positionals.first {
                try check(word, for: declaration)
                let earlier = texts[declaration.label].map { $0 + String(repeatedSeparator) } ?? ""
                texts[declaration.label] = earlier + word
                if !declaration.isRepeated { positionals = positionals.dropFirst() }
            } else {
                throw UsageError("unexpected argument '\(word)'")
            }
        }
        for declaration in command.positionals + command.allOptions
        where declaration.isRequired && texts[declaration.label] == nil {
            throw UsageError("missing \(declaration.synopsis)")
        }
        return Arguments(texts, declared: Set((command.positionals + command.allOptions).map(\.label)))
    }

    private func readOption(
        _ word: String, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> (Declaration, String) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let spelling = String(parts[0])
        let attached = parts.count == 2 ? String(parts[1]) : nil
        let (declaration, isNegated) = try findOption(spelling)
        if case .flag = declaration.form {
            if attached != nil { throw UsageError("'\(spelling)' takes no value") }
            return (declaration, isNegated ? "off" : "on")
        }
        let text: String
        if let attached {
            text = attached
        } else if let next = rest.first, !Self.looksLikeOption(next) {
            text = next
            rest = rest.dropFirst()
        } else {
            throw UsageError("'\(spelling)' needs a value: \(declaration.expectation)")
        }
        try check(text, for: declaration)
        return (declaration, text)
    }

    private func findOption(_ spelling: String) throws(UsageError) -> (Declaration, isNegated: Bool) {
        var spellings: [String] = []
        for declaration in command.allOptions {
            spellings.append(declaration.label)
            if spelling == declaration.label || spelling == declaration.short.map({ "-\($0)" }) {
                return (declaration, false)
            }
            if declaration.form == .flag(isNegatable: true) {
                spellings.append("--no-\(declaration.name)")
                if spelling == spellings.last { return (declaration, true) }
            }
        }
        if let hint = command.hints[spelling] {
            throw UsageError("unknown option '\(spelling)'; give \(hint)")
        }
        throw UsageError(
            Self.unknown("option", spelling, among: spellings + ["--help", "--help-all", "--version"]))
    }

    /// Whether a word begins like an option; a lone dash and a negative number do not.
    private static func looksLikeOption(_ word: String) -> Bool {
        guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
        return !(second.isASCII && second.isNumber) && second != "."
    }

    private func check(_ text: String, for declaration: Declaration) throws(UsageError) {
        if declaration.accepts(text) { return }
        if let hint = command.hints["\(declaration.label) \(text)"] {
            throw UsageError("invalid value '\(text)' for '\(declaration.label)'; give \(hint)")
        }
        var message =
            "invalid value '\(text)' for '\(declaration.label)'; expected \(declaration.expectation)"
        if let suggestion = nearest(to: text, among: declaration.choices) {
            message += "; did you mean '\(suggestion)'?"
        }
        throw UsageError(message)
    }

    private static func unknown(_ noun: String, _ word: String, among candidates: [String]) -> String {
        // One dash before a long name is a common slip, and so are underscores within: dashes there do not count.
        let bare = String(word.drop { $0 == "-" }).replacing("_", with: "-")
        let names = Dictionary(
            candidates.map { (String($0.drop { $0 == "-" }), $0) }, uniquingKeysWith: { first, _ in first })
        let suggestion = nearest(to: bare, among: candidates.map { String($0.drop { $0 == "-" }) })
        let end = suggestion.flatMap { names[$0] }.map { "; did you mean '\($0)'?" } ?? ""
        return "unknown \(noun) '\(word)'\(end)"
    }
}
