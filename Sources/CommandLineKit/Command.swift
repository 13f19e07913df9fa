/// A command of the program, or the program itself: what it accepts and what it does.
///
/// Either it runs, or it only groups subcommands.
public struct Command: Sendable {
    package let name: String
    package let summary: String
    package let discussion: String
    package let examples: [Example]
    package let options: [OptionGroup]
    package let positionals: [Declaration]
    package let subcommands: [Command]
    package let hints: [String: String]
    package let body: (@Sendable (Arguments) throws -> Void)?

    /// Declares a command that runs.
    ///
    /// - Parameters:
    ///   - name: As the user writes it.
    ///   - summary: One line, with a full stop.
    ///   - discussion: Paragraphs parted by an empty line. A line that begins with a space is not wrapped.
    ///   - examples: Complete command lines.
    ///   - positionals: The arguments known by their place, in order; the required ones first.
    ///   - options: The options in the order and under the headings of the help. `--help` and `--version`
    ///     are added.
    ///   - hints: What to say of words that other programs take: an option as `--lr`, or one with a value as
    ///     `--model beta-vae`, with what to write in its place.
    ///   - body: The work. `UsageError`, `Failure` and `ExitCode` may be thrown.
    /// - Precondition: No two parameters share a name; required arguments stand before optional ones, a repeated one last.
    public init(
        _ name: String, summary: String, discussion: String = "", examples: [Example] = [],
        positionals: [any Parameter] = [], options: [OptionGroup] = [], hints: [String: String] = [:],
        run body: @escaping @Sendable (Arguments) throws -> Void
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.options = options
        self.positionals = positionals.map(\.declaration)
        self.subcommands = []
        self.hints = hints
        self.body = body
        checkNames()
    }

    /// Declares a command that groups others.
    ///
    /// - Parameters:
    ///   - name: As the user writes it; for the program itself, its name.
    ///   - summary: One line, with a full stop.
    ///   - discussion: Paragraphs parted by an empty line. A line that begins with a space is not wrapped.
    ///   - examples: Complete command lines.
    ///   - subcommands: The commands, in the order of the help.
    /// - Precondition: There is at least one subcommand, and no two share a name.
    public init(
        _ name: String, summary: String, discussion: String = "", examples: [Example] = [],
        subcommands: [Command]
    ) {
        precondition(!subcommands.isEmpty, "\(name) groups no commands")
        precondition(
            Set(subcommands.map(\.name)).count == subcommands.count, "\(name) has two commands of one name")
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.options = []
        self.positionals = []
        self.subcommands = subcommands
        self.hints = [:]
        self.body = nil
    }

    /// Every option that the command declares, without headings; once, where several groups show it.
    package var allOptions: [Declaration] {
        var seen: [String: Declaration] = [:]
        return options.flatMap(\.options).filter { declaration in
            if let other = seen[declaration.label], other.isSame(as: declaration) { return false }
            seen[declaration.label] = declaration
            return true
        }
    }

    private func checkNames() {
        precondition(positionals.allSatisfy { $0.form == .positional }, "\(name): an option is no positional")
        var seen: Set<String> = ["--help", "--help-all", "--version", "-h"]
        for declaration in allOptions + positionals {
            var spellings = [declaration.label]
            if let short = declaration.short { spellings.append("-\(short)") }
            if declaration.form == .flag(isNegatable: true) { spellings.append("--no-\(declaration.name)") }
            for spelling in spellings {
                precondition(seen.insert(spelling).inserted, "\(name) declares \(spelling) twice")
            }
        }
        precondition(
            positionals.dropLast().allSatisfy { !$0.isRepeated },
            "\(name): an argument follows a repeated one")
        let firstOptional = positionals.firstIndex { !$0.isRequired } ?? positionals.endIndex
        precondition(
            positionals[firstOptional...].allSatisfy { !$0.isRequired },
            "\(name): a required argument follows an optional one")
    }
}

/// A command line to copy, for the help.
public struct Example: Sendable {
    package let line: String
    package let explanation: String

    /// Pairs a complete command line with what it does.
    public init(_ line: String, _ explanation: String) {
        self.line = line
        self.explanation = explanation
    }
}
