import CommandLineKit
import Testing

@Suite struct DeclarationTests {
    @Test func twoParametersOfOneNameTrap() async {
        await #expect(processExitsWith: .failure) {
            let group = OptionGroup(
                "Options", [Sample.quiet, Option.flag("other", short: "q", help: "Other.")])
            _ = Command("vae", summary: "Clashes.", options: [group], run: { _ in })
        }
    }

    @Test func anOptionNamedHelpTraps() async {
        await #expect(processExitsWith: .failure) {
            let group = OptionGroup("Options", [Option.flag("help", help: "Ours.")])
            _ = Command("vae", summary: "Clashes.", options: [group], run: { _ in })
        }
    }

    @Test func aRequiredArgumentAfterAnOptionalOneTraps() async {
        await #expect(processExitsWith: .failure) {
            let optional = Positional("first", .path, help: "May be left out.")
            _ = Command(
                "vae", summary: "Cannot be parsed.", positionals: [optional, Sample.checkpoint], run: { _ in }
            )
        }
    }

    @Test func anArgumentAfterARepeatedOneTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Command(
                "vae", summary: "Cannot be parsed.", positionals: [Sample.pictures, Sample.checkpoint],
                run: { _ in })
        }
    }

    @Test func readingAnUndeclaredParameterTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = try Sample.arguments([])[Option.flag("undeclared", help: "In no command.")]
        }
    }

    @Test func readingAsAnotherTypeTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = try Sample.arguments(["--hidden", "1,2"])[
                Option("hidden", .double(), default: 0, help: "Other.")]
        }
    }
}
