import CommandLineKit
import Synchronization
import Testing

@Suite struct PrintableTests {
    @Test(arguments: [
        ("a\nb", "a\\nb"), ("a\u{1B}[2J", "a\\u{1B}[2J"), ("\u{7F}\u{9B}2J", "\\u{7F}\\u{009B}2J"),
        ("\t\r", "\\t\\r"),
        // Overrides, embeddings and isolates of direction, and marks.
        ("\u{202E}gnp.exe", "\\u{202E}gnp.exe"),
        ("\u{2066}a\u{2069}\u{200F}", "\\u{2066}a\\u{2069}\\u{200F}"),
        ("\u{2028}\u{2029}\u{FEFF}\u{AD}\u{E0041}", "\\u{2028}\\u{2029}\\u{FEFF}\\u{00AD}\\u{000E0041}"),
        // Line ends that are one character with what is before them.
        ("a\r\nb", "a\\r\\nb"),
    ])
    func whatATerminalObeysIsEscaped(text: String, shown: String) {
        #expect(text.printable == shown)
        #expect(shown.printable == shown)
    }

    @Test(arguments: ["", "plain.csv", "Größe 数 עברית", "👩‍👩‍👧 می‌خواهم", "a\\nb 'quoted' \"too\""])
    func whatIsShownStays(text: String) {
        #expect(text.printable == text)
    }

    @Test func linesAndTextsAreWrittenSo() {
        let written = Mutex("")
        let terminal = Terminal(
            isInteractive: false, usesColor: false, usesUnicode: true, columns: { 80 },
            write: { text in written.withLock { $0 += text } })
        terminal.line("a\nb\u{1B}")
        terminal.lines(["c\u{202E}", "d"])
        terminal.text("e\nf\u{1B}\n")
        #expect(written.withLock { $0 } == "a\\nb\\u{1B}\nc\\u{202E}\nd\ne\nf\\u{1B}\n")
    }

    @Test func cellsOfATableAreAlignedAsTheyAreShown() {
        var table = Table([("na\u{1B}me", .left), ("n", .right)])
        table.append(["a\nb", "1"])
        table.append(["\u{202E}x", "10"])
        #expect(
            table.text == """
                na\\u{1B}me   n
                ----------  --
                a\\nb         1
                \\u{202E}x   10

                """)
    }

    @Test func aMessageAboveTheBarIsOneLine() {
        let written = Mutex("")
        let terminal = Terminal(
            isInteractive: false, usesColor: false, usesUnicode: true, columns: { 80 },
            write: { text in written.withLock { $0 += text } })
        ProgressBar("a\u{1B}", total: 1, style: .silent, on: terminal).print("b\u{1B}[2J\nc")
        #expect(written.withLock { $0 } == "b\\u{1B}[2J\\nc\n")
    }
}
