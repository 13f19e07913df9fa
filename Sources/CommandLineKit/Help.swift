/// The help of a command, generated from its declaration.
package struct Help {
    private let path: [Command]
    private let columns: Int
    private let detail: HelpDetail
    private var command: Command { path[path.count - 1] }
    private var name: String { path.map(\.name).joined(separator: " ") }

    /// - Parameters:
    ///   - path: The program, its subcommand and so on down to the command.
    ///   - columns: The width to wrap to; kept between 40 and 100, where lines are pleasant to read.
    ///   - detail: How much is told.
    package init(of path: [Command], columns: Int, detail: HelpDetail = .short([])) {
        self.path = path
        self.detail = detail
        self.columns = min(max(columns, 40), 100)
    }

    /// The line that shows how the command is written.
    package var usage: String {
        var words = [name]
        if command.body == nil {
            words += ["<command>", "[options]"]
        } else {
            words.append("[options]")
            words += command.allOptions.filter(\.isRequired).map(\.synopsis)
            words += command.positionals.map { $0.isRequired ? $0.synopsis : "[\($0.synopsis)]" }
        }
        return "usage: " + words.joined(separator: " ")
    }

    /// The whole text.
    package var text: String {
        var sections = [wrap(usage, indent: 0, hanging: 7), wrap(command.summary)]
        if !command.discussion.isEmpty { sections.append(paragraphs(command.discussion)) }
        if !command.subcommands.isEmpty {
            sections.append(section("Commands", command.subcommands.map { ("  " + $0.name, $0.summary) }))
        }
        if !command.positionals.isEmpty {
            sections.append(section("Arguments", command.positionals.map(Self.row)))
        }
        for group in command.options where group.isShown(in: detail) {
            let rows = group.rows.map { (label: "  " + $0.label, text: $0.text) }
            sections.append(section(group.heading, rows + group.options.map(Self.row)))
        }
        let isPart = command.options.contains { $0.visibility != .always }
        sections.append(
            section(
                "Help",
                [
                    ("  -h, --help", "Print this text and exit."),
                    isPart ? ("      --help-all", "Print every option and exit.") : nil,
                    ("      --version", "Print the program's version and exit."),
                ].compactMap { $0 }))
        if !command.examples.isEmpty {
            let examples = command.examples.map { "  \($0.line)\n" + wrap($0.explanation, indent: 6) }
            sections.append("Examples:\n" + examples.joined(separator: "\n"))
        }
        if command.body == nil {
            sections.append(wrap("'\(name) <command> --help' explains a command."))
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func row(_ declaration: Declaration) -> (label: String, text: String) {
        let short = declaration.short.map { "  -\($0), " } ?? "      "
        let label =
            switch declaration.form {
            case .positional: "  " + declaration.synopsis
            case .flag(isNegatable: true): short + "--[no-]\(declaration.name)"
            case .flag, .option: short + declaration.synopsis
            }
        let notes = [
            declaration.hint, declaration.defaultText.map { "default: \($0.isEmpty ? "none" : $0)" },
            declaration.isRequired && declaration.form == .option ? "required" : nil,
        ].compactMap { $0 }
        return (label, declaration.help + (notes.isEmpty ? "" : " [\(notes.joined(separator: "; "))]"))
    }

    /// Rows of a label and its text, the texts aligned; a long label has a line of its own.
    private func section(_ heading: String, _ rows: [(label: String, text: String)]) -> String {
        let indent = 28
        var lines = [heading + ":"]
        for (label, text) in rows {
            let wrapped = wrap(text, indent: indent)
            if label.count + 2 <= indent {
                lines.append(
                    label + String(repeating: " ", count: indent - label.count) + wrapped.dropFirst(indent))
            } else {
                lines += [label, wrapped]
            }
        }
        return lines.joined(separator: "\n")
    }

    private func paragraphs(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(" ") || $0.isEmpty ? String($0) : wrap(String($0)) }
            .joined(separator: "\n")
    }

    /// The text in lines of at most `columns` characters; a longer word is not broken.
    private func wrap(_ text: String, indent: Int = 0, hanging: Int? = nil) -> String {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        let margin = String(repeating: " ", count: hanging ?? indent)
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = margin
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
