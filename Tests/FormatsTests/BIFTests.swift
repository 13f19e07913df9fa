import Formats
import Foundation
import TestSupport
import Testing

@Suite struct BIFTests {
    private static let head = """
        network net { }
        variable A { type discrete [ 2 ] { yes, no }; }
        variable B { type discrete [ 3 ] { low, mid, high }; }

        """

    private static func decode(_ text: String) throws -> BIFNetwork { try BIF.decode(Data(text.utf8)) }

    @Test func aFileOfAnyStyleDecodes() throws {
        let network = try Self.decode(
            """
            // Made by hand.
            network "two nodes" { property "author = us" ; property version 3; }
            probability ( B | A ) { (no) 0.25 0.25, 0.5; default 0.1, 0.2, 0.7; property "seen = 7"; }
            variable A { /* first,
                said last */ type discrete[2] { "yes" no }; property "position = (3, 4)" ; }
            variable "B" { type discrete [3] { <5, 5-12, 12+ }; }
            probability ( A ) { table .5 5e-1; }
            """)
        #expect(network.name == "two nodes")
        #expect(network.properties == ["author = us", "version 3"])
        #expect(network.variables.map(\.name) == ["A", "B"])
        #expect(network.variables[0].properties == ["position = (3, 4)"])
        #expect(network.variables[0].table == [0.5, 0.5])
        #expect(network.variables[1].categories == ["<5", "5-12", "12+"])
        #expect(network.variables[1].parents == [0])
        #expect(network.variables[1].table == [0.1, 0.2, 0.7, 0.25, 0.25, 0.5])
        #expect(network.variables[1].tableProperties == ["seen = 7"])
        #expect(network.variables.map(\.line) == [7, 3])
    }

    @Test("A table of a node with parents has the node's categories slowest, the last parent fastest")
    func tableOrder() throws {
        let network = try Self.decode(
            Self.head + """
                probability ( A ) { table 1, 0; }
                variable C { type discrete [ 2 ] { on, off }; }
                probability ( B ) { table 0.2 0.3 0.5; }
                probability ( C A B ) { table 0.1 0.2 0.3 0.4 0.5 0.6   0.9 0.8 0.7 0.6 0.5 0.4; }
                """)
        #expect(
            network.variables[2].table == [0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.5, 0.5, 0.6, 0.4])
    }

    @Test func decodeInvertsEncode() throws {
        let network = BIFNetwork(
            name: "a net", properties: ["of = tests"],
            variables: [
                .init(
                    name: "B|A, that", categories: ["x y", "z"], parents: [2, 1],
                    table: [0.1, 0.9, 1e-300, 1, 0.3, 0.7, 0.123_456_789_012_345_68, 0.5, 0.5, 0.5, 1, 0]),
                .init(
                    name: "C", categories: ["a", "b"], parents: [], table: [1.0 / 3, 2.0 / 3],
                    tableProperties: ["n = 3"]),
                .init(
                    name: "größe", categories: ["//", "1", "\u{1F600}"], parents: [], table: [0.2, 0.3, 0.5],
                    properties: ["position = (1, 2)"]),
            ])
        var read = try BIF.decode(BIF.encode(network))
        for place in read.variables.indices { read.variables[place].line = 0 }
        #expect(read == network)
        #expect(try BIF.decode(Gzip.deflate(BIF.encode(network))).variables.count == 3)
    }

    @Test(
        "A double quote, which the format cannot hold, is refused and not changed",
        arguments: [
            (
                BIFNetwork(name: "a\"b", variables: [variable("A")]),
                #"the double quote in the name "a\"b" in a BIF file is not supported; put another mark in its place"#
            ),
            (
                BIFNetwork(name: "n", properties: ["\""], variables: [variable("A")]),
                #"in the property "\"" in a BIF file"#
            ),
            (BIFNetwork(name: "n", variables: [variable("\"A")]), #"in variable "\"A" in a BIF file"#),
            (
                BIFNetwork(name: "n", variables: [variable("A", categories: ["5\"", "6"])]),
                #"in category "5\"" of variable "A" in a BIF file"#
            ),
            (
                BIFNetwork(name: "n", variables: [variable("A", properties: ["of \"x\""])]),
                #"in property "of \"x\"" of variable "A" in a BIF file"#
            ),
        ])
    func quotesAreRefused(network: BIFNetwork, message: String) throws {
        let error = #expect(throws: FormatError.self) { try BIF.encode(network) }
        #expect("\(try #require(error))".contains(message))
    }

    private static func variable(
        _ name: String, categories: [String] = ["x", "y"], properties: [String] = []
    ) -> BIFNetwork.Variable {
        BIFNetwork.Variable(
            name: name, categories: categories, parents: [], table: [0.5, 0.5], properties: properties)
    }

    @Test(
        arguments: [
            ("", "line 1: expected 'network', found the end of the file"),
            ("variable A", "line 1: expected 'network', found \"variable\"; is it a BIF file?"),
            ("network n {\n", "line 2: expected 'property' or '}', found the end of the file"),
            ("network n { property x }", "a property lacks its closing ';'"),
            ("network n { }", "the network has no variables"),
            ("network n { }\nnode A { }", "line 2: expected 'variable' or 'probability', found \"node\""),
            ("network n { } /* never", "a comment opened here is never closed"),
            ("network \"n { }", "a quote opened here is never closed"),
            (
                "network n { }\nvariable A {\n type continuous; }",
                "line 3: variable \"A\" is of type \"continuous\""
            ),
            ("network n { }\nvariable A { }", "line 2: variable \"A\" has no 'type discrete'"),
            (
                "network n { } variable A { type discrete [ 3 ] { a, b }; }",
                "lists 2 categories, its type says \"3\""
            ),
            ("network n { } variable A { type discrete [ 0 ] { }; }", "lists 0 categories"),
            ("network n { } variable A { type discrete [ 2 ] { a, a }; }", "lists a category twice"),
            ("network n { } variable A { type discrete [ 1 ] { a } }", "expected ';', found '}'"),
            (head + "variable A { type discrete [ 1 ] { a }; }", "line 4: variable \"A\" is declared twice"),
            (head + "probability ( A ) { table 1 0; }", "variable \"B\" has no probability block"),
            (head + "probability ( C ) { table 1; }", "line 4: there is no variable \"C\""),
            (head + "probability ( A | C ) { table 1; }", "line 4: there is no variable \"C\""),
            (head + "probability ( A | A ) { table 1; }", "\"A\" or a parent of it is named twice"),
            (
                head + "probability ( A ) { table 1 0; }\nprobability ( A ) { table 1 0; }",
                "line 5: variable \"A\" has two probability blocks"
            ),
            (head + "probability ( A ) {\n table 1, 0, 0; }", "line 5: 3 numbers for \"A\", expected 2"),
            (head + "probability ( A ) { table 1, x; }", "\"x\" is not a probability"),
            (head + "probability ( A ) { table 1, -0.5; }", "\"-0.5\" is not a probability"),
            (head + "probability ( A ) { table nan, 1; }", "\"nan\" is not a probability"),
            (head + "probability ( A ) { table 1, 0 }", "expected a probability or ';', found '}'"),
            (head + "probability ( A ) { rows 1, 0; }", "expected 'table', 'default', '(' or '}'"),
            (
                head + "probability ( A ) { table 1 0; } probability ( B | A ) { (yes) 1 0 0; }",
                "the table of \"B\" lacks 1 of 2 rows and has no default"
            ),
            (
                head
                    + "probability ( A ) { table 1 0; } probability ( B | A ) { (yes) 1 0 0;\n(yes) 1 0 0; }",
                "line 5: row \"yes\" is given twice"
            ),
            (
                head
                    + "probability ( A ) { table 1 0; } probability ( B | A ) { (yes) 1 0 0;\ntable 1 0 0 0 0 1; }",
                "line 5: this table of \"B\" would overwrite what stands above it; keep one of the two"
            ),
            (
                head + "probability ( A ) { table 1 0;\ntable 0 1; }",
                "line 5: this table of \"A\" would overwrite what stands above it"
            ),
            (
                head + "probability ( A ) { table 1 0; } probability ( B | A ) { (maybe) 1 0 0; }",
                "\"maybe\" is no category of \"A\", which has \"yes, no\""
            ),
            (
                head + "probability ( A ) { table 1 0; } probability ( B | A ) { (yes, no) 1 0 0; }",
                "2 categories for the 1 parents of \"B\""
            ),
            (
                head
                    + "probability ( A ) { table 1 0; } probability ( B | A ) { default 1 0 0; default 1 0 0; }",
                "\"B\" has two defaults"
            ),
        ])
    func malformedTextIsRefused(text: String, message: String) throws {
        let error = #expect(throws: FormatError.self) { try Self.decode(text) }
        let line = "\(try #require(error))"
        #expect(line.contains(message), "\(line)")
        #expect(line.hasPrefix("BIF line ") && !line.contains("\n"))
    }

    @Test func aTableThatNoMemoryHoldsIsRefusedAtOnce() throws {
        var text = "network n { }\n"
        let names = (0..<40).map { "V\($0)" }
        for name in names {
            text += "variable \(name) { type discrete [ 4 ] { a, b, c, d }; }\n"
            let parents = name == "V0" ? names.dropFirst().joined(separator: ", ") : ""
            text += "probability ( \(name) \(parents) ) { default 0.25 0.25 0.25 0.25; }\n"
        }
        let error = #expect(throws: FormatError.self) { try Self.decode(text) }
        #expect("\(try #require(error))".contains("the table of \"V0\" has more than"))
    }

    @Test func whatIsNoTextIsRefused() throws {
        #expect(throws: FormatError.corrupt(.bif, reason: "it is not UTF-8 text")) {
            try BIF.decode(Data("network ".utf8) + Data([0xFF, 0xFE]))
        }
    }

    @Test func theFileIsNamed() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("net.bif")
            try Data("network".utf8).write(to: url)
            let error = #expect(throws: FormatError.self) { try BIF.read(url) }
            #expect("\(try #require(error))".contains("net.bif: BIF line 1"))
        }
    }
}
