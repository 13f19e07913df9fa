import Figures
import Testing

@Suite struct MarkupTests {
    @Test("Characters with a meaning in markup are replaced, others kept")
    func escaping() {
        #expect(Markup.escaped("<a href='x' & \"y\">") == "&lt;a href=&#39;x&#39; &amp; &quot;y&quot;&gt;")
        #expect(Markup.escaped("q(z|x) µ ≤ σ² 🙂\n") == "q(z|x) µ ≤ σ² 🙂\n")
        #expect(Markup.escaped("a\u{0}b\u{1B}c\u{FFFF}") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}")
    }

    @Test(
        "Coordinates have a tenth and no more",
        arguments: [(0, "0"), (1.04, "1"), (1.06, "1.1"), (-0.3, "-0.3"), (-0.04, "0"), (719.96, "720")]
            as [(Double, String)])
    func coordinates(value: Double, text: String) {
        #expect(Markup.coordinate(value) == text)
    }
}
