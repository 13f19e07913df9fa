import Classical
import Formats
import Foundation
import Testing
import TestSupport

@Suite struct BayesianNetworkTests {
    typealias Node = BayesianNetwork.Node

    @Test func parentsComeBeforeChildren() {
        let network = Networks.mixed
        let places = Dictionary(uniqueKeysWithValues: network.ancestralOrder.enumerated().map { ($1, $0) })
        #expect(places.count == network.nodes.count)
        for node in network.nodes.indices {
            for parent in network.parents[node] { #expect((places[parent] ?? .max) < (places[node] ?? 0)) }
        }
    }

    @Test(
        arguments: [
            ([], "a network needs at least one node"),
            ([Node("A", ["x"]), Node("A", ["x"])], "node 'A': another node has this name"),
            ([Node("A", [])], "node 'A': no categories"),
            ([Node("A", ["x", "x"])], "named twice"),
            ([Node("A", ["x"], parents: ["B"])], "there is no node 'B'; there are: A"),
            ([Node("A", ["x", "y"], table: [[0.5]])], "its table has 1 numbers, expected 2"),
            ([Node("A", ["x", "y"], table: [[1.5, -0.5]])], "a number below 0"),
            ([Node("A", ["x", "y"], table: [[.nan, 1]])], "a number below 0"),
            ([Node("A", ["x", "y"], table: [[0.5, 0.4]])], "the table of node 'A' sums to 0.9, not to 1"),
            (
                [
                    Node("A", ["x", "y"]),
                    Node("B", ["u", "v"], parents: ["A"], table: [[1, 0], [0.5, 0.75]]),
                ], "the table of node 'B' sums to 1.25 where A=y, not to 1"
            ),
            (
                [
                    Node("A", ["x"], parents: ["C"]), Node("B", ["x"], parents: ["A"]),
                    Node("C", ["x"], parents: ["B"]),
                ],
                "the network is cyclic: A -> B -> C -> A"
            ),
            ([Node("A", ["x"], parents: ["A"])], "the network is cyclic: A -> A"),
        ] as [([Node], String)])
    func whatIsNoNetworkIsRefused(nodes: [Node], message: String) throws {
        let error = #expect(throws: NetworkError.self) { try BayesianNetwork(nodes: nodes) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test("Rows that rounding has taken from one are divided by their sum, others stay to the last bit")
    func rounding() throws {
        let third = 0.3333
        let network = try BayesianNetwork(nodes: [
            Node("A", ["x", "y", "z"], table: [[third, third, third]])
        ])
        expectClose(network.nodes[0].table, [1.0 / 3, 1.0 / 3, 1.0 / 3], absolute: 1e-15)
        let kept = [0.1, 0.2, 0.7]
        #expect(
            try BayesianNetwork(nodes: [Node("A", ["x", "y", "z"], table: [kept])]).nodes[0].table == kept)
    }

    @Test(arguments: ["asia", "survey", "child", "alarm"])
    func filesKeepNetworks(name: String) throws {
        let network = try Networks.golden(name)
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("net.bif")
            try network.write(to: url)
            #expect(try BayesianNetwork(contentsOf: url) == network)
        }
    }

    @Test("Files keep which nodes are hidden, however the property is written")
    func hiddenNodesOfFiles() throws {
        let network = Networks.sprinkler.hiding([0, 2])
        #expect(network.bif.variables.map(\.properties) == [["hidden = true"], [], ["hidden = true"], []])
        let text = String(decoding: try BIF.encode(network.bif), as: UTF8.self)
        let spelt = text.replacing("property \"hidden = true\" ;", with: "property hidden=true;")
        #expect(text != spelt)
        for text in [text, spelt] {
            #expect(try BayesianNetwork(BIF.decode(Data(text.utf8))) == network)
        }
        let seen = spelt.replacing("hidden=true", with: "hidden=false")
        #expect(try BayesianNetwork(BIF.decode(Data(seen.utf8))) == Networks.sprinkler)
    }

    @Test("A column of a hidden node's name is passed over, whatever it holds")
    func columnsOfHiddenNodes() throws {
        let table = try CSV.decode(
            Data("Cloud,Rain\nmany,yes\n7,no\n".utf8), header: .present, allText: true)
        let network = Networks.cloud.hiding([0])
        let data = try NetworkData(table, of: network)
        #expect((0..<2).map { data[$0, 0] } == [nil, nil])
        #expect((0..<2).map { data[$0, 2] } == [0, 1])
        let error = #expect(throws: NetworkError.self) {
            try NetworkData(table, of: network.hiding([2]))
        }
        #expect(
            "\(try #require(error))".contains(
                "no column is a node of the network that is not hidden; its columns are Cloud, Rain"))
    }

    @Test(
        "What is wrong with the tables of a file is told with file and line",
        arguments: [
            (
                "probability ( A ) { table 1 0; }\nprobability ( B ) { table 0.5 0.6; }",
                "line 5: the table of node 'B'"
            ),
            (
                "probability ( A | B ) { default 1 0; }\nprobability ( B | A ) { default 1 0; }",
                "line 4: the network is cyclic: A -> B -> A"
            ),
        ])
    func faultsOfFiles(blocks: String, message: String) throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("net.bif")
            let head = """
                network n { }
                variable A { type discrete [ 2 ] { x, y }; }
                variable B { type discrete [ 2 ] { x, y }; }

                """
            try Data((head + blocks).utf8).write(to: url)
            let error = #expect(throws: FormatError.self) { try BayesianNetwork(contentsOf: url) }
            #expect("\(try #require(error))".contains("net.bif: BIF \(message)"))
        }
    }

    @Test(
        "Arrows make a structure",
        arguments: [
            ("Cloud -> Sprinkler, Cloud -> Rain; Sprinkler -> Wet, Rain -> Wet"),
            ("Cloud->Sprinkler->Wet;Cloud->Rain->Wet"),
            (" Cloud ; Cloud -> Sprinkler\nCloud -> Rain,\nSprinkler -> Wet, Rain->Wet;"),
        ])
    func arrows(text: String) throws {
        let structure = try NetworkStructure(parsing: text)
        #expect(Set(structure.nodes) == ["Cloud", "Sprinkler", "Rain", "Wet"])
        let parents = Dictionary(uniqueKeysWithValues: zip(structure.nodes, structure.parents.map(Set.init)))
        #expect(parents["Wet"] == ["Sprinkler", "Rain"])
        #expect(parents["Rain"] == ["Cloud"] && parents["Sprinkler"] == ["Cloud"] && parents["Cloud"] == [])
    }

    @Test(
        arguments: [
            ("", "it has no nodes"), ("A ->", "an arrow lacks a node"), ("-> A", "an arrow lacks a node"),
            ("A -> B, A -> B", "the arrow A -> B is drawn twice"),
        ])
    func whatIsNoStructureIsRefused(text: String, message: String) throws {
        let error = #expect(throws: NetworkError.self) { try NetworkStructure(parsing: text) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test("Categories come from the table: whole numbers in their order, others in that of the alphabet")
    func categories() throws {
        let text = "a,b,c\n10,yes,\n9,no,x\n,yes,NA\n-1,yes,y\n"
        let table = try CSV.decode(Data(text.utf8), header: .present, allText: true)
        let structure = try NetworkStructure(parsing: "h -> a, h -> b, h -> c")
        let network = try structure.network(for: table, hidden: ["h": 3])
        #expect(
            network.nodes.map(\.categories) == [
                ["0", "1", "2"], ["-1", "9", "10"], ["no", "yes"], ["x", "y"],
            ])
        let data = try NetworkData(table, of: network)
        #expect(network.nodes.map(\.isHidden) == [true, false, false, false])
        // Read as numbers, whole ones are the same categories.
        let numbers = try CSV.decode(Data(text.utf8), header: .present)
        let again = try NetworkStructure(parsing: "a").network(for: numbers, hidden: [:])
        #expect(again.nodes[0].categories == ["-1", "9", "10"])
        #expect(data.rows == 4)
        #expect((0..<4).map { data[$0, 0] } == [nil, nil, nil, nil])
        #expect((0..<4).map { data[$0, 1] } == [2, 1, nil, 0])
        #expect((0..<4).map { data[$0, 3] } == [nil, 0, nil, 1])
    }

    @Test func tablesThatDoNotFitAreRefused() throws {
        let table = try CSV.decode(
            Data("Cloud,x,e\nyes,1,\nmaybe,2,\n".utf8), header: .present, allText: true)
        func expect(_ message: String, _ body: () throws -> Void) throws {
            let error = #expect(throws: NetworkError.self) { try body() }
            #expect("\(try #require(error))".contains(message))
        }
        try expect("row 2: 'maybe' is no category of node 'Cloud'; there are: yes, no") {
            _ = try NetworkData(table, of: Networks.cloud)
        }
        try expect("no column is a node of the network; its columns are Cloud, x, e") {
            _ = try NetworkData(table, of: Networks.mixed)
        }
        let structure = try NetworkStructure(parsing: "z -> x, e")
        try expect("node 'z' is no column; make it a hidden node") {
            _ = try structure.network(for: table, hidden: [:])
        }
        try expect("column 'e' is empty") { _ = try structure.network(for: table, hidden: ["z": 2]) }
        try expect("there is no node 'w'; there are: z, x, e") {
            _ = try structure.network(for: table, hidden: ["w": 2])
        }
    }
}
