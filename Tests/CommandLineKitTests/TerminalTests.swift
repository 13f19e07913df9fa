import CommandLineKit
import Testing

@Suite struct TerminalTests {
    @Test(arguments: [
        (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8"], true), (["LANG": "C"], false), ([:], false),
        (["LANG": "C.UTF-8", "LC_ALL": "C"], false), (["LANG": "C.UTF-8", "LC_ALL": ""], true),
        (["LANG": "C", "LC_CTYPE": "de_DE.UTF-8"], true),
    ])
    func theFirstLocaleThatIsSetDecidesTheEncoding(environment: [String: String], expected: Bool) {
        #expect(Terminal.usesUnicode(environment) == expected)
    }

    @Test(arguments: [
        (["COLUMNS": "132"], 132), ([:], 80), (["COLUMNS": "0"], 80), (["COLUMNS": "wide"], 80),
    ])
    func theWidthIsThatOfTheEnvironmentElse80(environment: [String: String], expected: Int) {
        // No terminal hangs on an invalid descriptor.
        #expect(Terminal.columns(-1, environment) == expected)
    }

    @Test func whatIsNoTerminalIsNeitherInteractiveNorColoured() {
        let terminal = Terminal(descriptor: -1, environment: ["TERM": "xterm"], write: { _ in })
        #expect(!terminal.isInteractive)
        #expect(!terminal.usesColor)
    }
}
