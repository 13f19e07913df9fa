import CommandLineKit
import Testing

@Suite struct HelpDetailTests {
    private static let program = Command(
        "vae", summary: "A program.",
        subcommands: [
            Command(
                "train", summary: "Trains.",
                options: [
                    OptionGroup(
                        "Usual",
                        [Option("model", .choice(of: ["vae", "flow"]), default: "vae", help: "Which.")]),
                    OptionGroup(
                        "Model vae", [latents], rows: [(label: "note", text: "A row.")],
                        shown: .with(option: "model", value: "vae")),
                    OptionGroup("Model flow", [latents], shown: .with(option: "model", value: "flow")),
                    OptionGroup("Any model", [], shown: .with(option: "model", value: nil)),
                    OptionGroup(
                        "Rest", [Option("beta1", .double(), default: 0.9, help: "One.")], shown: .all),
                ],
                hints: ["--lr": "'--learning-rate'", "--model beta-vae": "'--objective beta'"], run: { _ in })
        ])

    private static let latents = Option("latents", .integer(in: 1...), default: 2, help: "The size of z.")

    private func help(_ line: String) throws -> String {
        var parser = CommandLineParser(Self.program)
        guard case .help = try parser.parse(line.split(separator: " ").map(String.init)) else { return "" }
        return Help(of: parser.path, columns: 80, detail: parser.detail).text
    }

    @Test(
        arguments: [
            ("train --help", []), ("train --model vae --help", ["Model vae", "Any model"]),
            ("train --model=flow -h", ["Model flow", "Any model"]),
            ("train --help-all", ["Model vae", "Model flow", "Any model", "Rest"]),
        ])
    func theHelpShowsWhatTheLineAsksFor(line: String, headings: [String]) throws {
        let text = try help(line)
        let shown = ["Model vae", "Model flow", "Any model", "Rest"].filter { text.contains("\n\($0):") }
        #expect(shown == headings)
        #expect(text.contains("--help-all"))
    }

    @Test func theBareProgramShowsItsHelp() throws {
        #expect(try help("").hasPrefix("usage: vae <command>"))
    }

    @Test(
        arguments: [
            ("train --lr 3", "unknown option '--lr'; give '--learning-rate'"),
            ("train --model beta-vae", "invalid value 'beta-vae' for '--model'; give '--objective beta'"),
            ("train --beta_1 3", "unknown option '--beta_1'; did you mean '--beta1'?"),
        ])
    func namesFromElsewhereAreTranslated(line: String, complaint: String) throws {
        var parser = CommandLineParser(Self.program)
        let error = #expect(throws: UsageError.self) {
            _ = try parser.parse(line.split(separator: " ").map(String.init))
        }
        #expect(error?.message == complaint)
    }

    @Test func anOptionOfSeveralGroupsIsOneOption() {
        #expect(Self.program.subcommands[0].allOptions.map(\.name) == ["model", "latents", "beta1"])
    }
}
