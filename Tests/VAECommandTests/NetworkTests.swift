import Formats
import Foundation
import TestSupport
import Testing

@Suite struct NetworkTests {
    /// Clouds hidden from the start: what the tests fit to has sprinkler, rain and grass.
    private static let garden = """
        network garden { }
        variable Cloud { type discrete [ 2 ] { yes, no }; }
        variable Sprinkler { type discrete [ 2 ] { yes, no }; }
        variable Rain { type discrete [ 2 ] { yes, no }; }
        variable Wet { type discrete [ 2 ] { yes, no }; }
        probability ( Cloud ) { table 0.5, 0.5; }
        probability ( Sprinkler | Cloud ) { (yes) 0.1, 0.9; (no) 0.5, 0.5; }
        probability ( Rain | Cloud ) { (yes) 0.8, 0.2; (no) 0.2, 0.8; }
        probability ( Wet | Sprinkler, Rain ) { (yes, yes) 0.99, 0.01; (no, no) 0, 1; default 0.9, 0.1; }

        """
    static let arrows = "Cloud -> Sprinkler, Cloud -> Rain; Sprinkler -> Wet, Rain -> Wet"

    static func withGarden<Result>(_ body: (URL) throws -> Result) throws -> Result {
        try withTemporaryFolder { folder in
            try Data(garden.utf8).write(to: folder.appendingPathComponent("garden.bif"))
            return try body(folder)
        }
    }

    private static func read(_ name: String, in folder: URL) throws -> CSVTable {
        try CSV.read(folder.appendingPathComponent(name), header: .present, allText: true)
    }

    @Test func aQueryIsAnswered() throws {
        try Self.withGarden { folder in
            let outcome = try Vae.shell("\"$VAE\" query garden.bif 'P(Cloud | Sprinkler=yes)'", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.output == """
                    P(Cloud | Sprinkler=yes)

                    Cloud  probability
                    -----  -----------
                    yes       0.166667
                    no        0.833333

                    """)
            let one = try Vae.shell("\"$VAE\" query garden.bif 'P(Rain, Cloud=yes)'", in: folder)
            #expect(one.output.contains("\nyes   yes       0.400000\nno    yes       0.100000\n"))
        }
    }

    private struct Answer: Decodable {
        struct Row: Decodable {
            let categories: [String]
            let probability: Double
            let standardError: Double?
        }

        let rows: [Row]
        let samples: Int?
        let effectiveSamples: Double?
    }

    @Test(
        "Every method answers, and those that sample say how sure they are",
        arguments: [
            "exact", "likelihood-weighting -n 20000", "rejection -n 20000", "counting --data rows.csv",
        ])
    func methods(method: String) throws {
        try Self.withGarden { folder in
            let sample = try Vae.run("sample garden.bif -n 4000 --seed 3 -o all.csv", in: folder)
            #expect(sample.status == 0, "\(sample.errors)")
            // A fifth of the clouds is known.
            let texts = try Self.read("all.csv", in: folder).columns.map { column -> [String] in
                guard case .text(let texts) = column.content else { return [] }
                return column.name == "Cloud" ? texts.enumerated().map { $0 % 5 == 0 ? $1 : "" } : texts
            }
            let rows = texts[0].indices.map { row in texts.map { $0[row] } }
            try CSV.encode(names: ["Cloud", "Sprinkler", "Rain", "Wet"], texts: rows)
                .write(to: folder.appendingPathComponent("rows.csv"))
            let query = "query garden.bif 'P(Cloud | Wet=yes)' --method \(method) --json"
            let outcome = try Vae.shell("\"$VAE\" \(query)", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
            #expect(answer.rows.map(\.categories) == [["yes"], ["no"]])
            // 0.5 (0.08·0.99 + 0.02·0.9 + 0.72·0.9) over that and 0.5 (0.1·0.99 + 0.4·0.9 + 0.1·0.9).
            let exact = 0.7452 / (0.7452 + 0.549)
            let found = try #require(answer.rows.first)
            if method == "exact" {
                expectClose(found.probability, exact, absolute: 1e-12)
                #expect(found.standardError == nil)
            } else {
                // Four standard errors; those of counting leave out what the share of known clouds adds.
                let error = try #require(found.standardError)
                #expect(error > 0 && error < 0.02)
                #expect(
                    abs(found.probability - exact) <= 4 * max(error, method.hasPrefix("counting") ? 0.01 : 0))
                #expect((answer.effectiveSamples ?? 0) > 1000)
            }
            #expect(try Vae.shell("\"$VAE\" \(query)", in: folder).output == outcome.output)
        }
    }

    @Test("What the data say nothing of is noted, and so are columns that are no categories")
    func notes() throws {
        try withTemporaryFolder { folder in
            // x and y are never both 1, and one z is missing.
            let rows = (0..<40).map { row in
                let x = row % 2
                let y = x == 0 ? row / 2 % 2 : 0
                return "\(row),\(x),\(y),\(row == 7 ? "?" : "\(row % 3 % 2)")\n"
            }.joined()
            try Data(("id,x,y,z\n" + rows).utf8).write(to: folder.appendingPathComponent("d.csv"))
            let line = "\"$VAE\" fit network d.csv --structure 'x -> z, y -> z; id' --no-pictures"
            for seed in 1...2 {
                let outcome = try Vae.shell("\(line) --seed \(seed) -o n.bif", in: folder)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(
                    outcome.errors.contains("note: d.csv: column 'id' has 40 different values in 40 rows"))
                #expect(
                    outcome.errors.contains(
                        "note: no row of d.csv has x=1, y=1: there 'z' has equal probabilities, the mean of the prior"
                    ))
                let network = try BIF.read(folder.appendingPathComponent("n.bif"))
                let z = try #require(network.variables.first { $0.name == "z" })
                #expect(z.categories == ["0", "1"] && Array(z.table.suffix(2)) == [0.5, 0.5])
            }
            let json = try Vae.shell("\(line) --json -q -o n.bif", in: folder)
            #expect(json.errors.isEmpty)
            let summary = try #require(
                JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(summary["unseenRows"] as? [String: Int] == ["z": 1])
        }
    }

    @Test("A network is learnt from its rows with a node hidden, and is used like any other")
    func fitting() throws {
        try Self.withGarden { folder in
            #expect(try Vae.run("sample garden.bif -n 3000 --seed 5 -o all.csv", in: folder).status == 0)
            let fit = try Vae.shell(
                "\"$VAE\" fit network all.csv --structure '\(Self.arrows)' --hidden Cloud:2 --restarts 2 "
                    + "--iterations 300 -o learnt.bif", in: folder)
            #expect(fit.status == 0, "\(fit.errors)")
            #expect(fit.output.contains("hidden: Cloud"))
            #expect(fit.output.hasSuffix("learnt.bif\nlearnt-tables.svg\nlearnt-convergence.svg\n"))
            for picture in ["learnt-tables.svg", "learnt-convergence.svg"] {
                let svg = try String(contentsOf: folder.appendingPathComponent(picture), encoding: .utf8)
                #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
            }
            let learnt = try BIF.read(folder.appendingPathComponent("learnt.bif"))
            #expect(learnt.variables.map(\.name) == ["Cloud", "Sprinkler", "Rain", "Wet"])
            #expect(
                learnt.variables.map(\.categories) == [
                    ["0", "1"], ["no", "yes"], ["no", "yes"], ["no", "yes"],
                ])

            struct Report: Decodable {
                struct Estimate: Decodable { let mean: Double }
                let elbo: Estimate, distortion: Estimate, rate: Estimate
                let rows: Int
                let logLikelihood: Double
                let kind: String
            }
            // Without the clouds, as they were learnt.
            let cut = try Vae.shell("cut -d, -f2- all.csv > seen.csv", in: folder)
            #expect(cut.status == 0)
            let evaluate = try Vae.run("evaluate learnt.bif --data seen.csv --json", in: folder)
            #expect(evaluate.status == 0, "\(evaluate.errors)")
            let report = try JSONDecoder().decode(Report.self, from: Data(evaluate.output.utf8))
            #expect(report.rows == 3000 && report.kind == "exact")
            expectClose(report.elbo.mean, -report.distortion.mean - report.rate.mean, absolute: 1e-9)
            expectClose(report.logLikelihood, 3000 * report.elbo.mean, relative: 1e-9)
            #expect(fit.output.contains(String(format: "%.4f", report.logLikelihood)))

            let encode = try Vae.run("encode learnt.bif --data seen.csv -o codes.csv", in: folder)
            #expect(encode.status == 0, "\(encode.errors)")
            let codes = try CSV.read(folder.appendingPathComponent("codes.csv"))
            #expect(codes.columns.map(\.name) == ["Cloud=0", "Cloud=1"])
            let shares = try codes.matrix()
            #expect(shares.shape == [3000, 2])
            let values = shares.values(as: Double.self)
            for row in 0..<3000 { expectClose(values[2 * row] + values[2 * row + 1], 1, absolute: 1e-12) }
        }
    }

    @Test func completeTablesAreCountedAndBegunWhereTheyAre() throws {
        try Self.withGarden { folder in
            try Data("Cloud,Rain\nyes,yes\nyes,no\nno,no\nno,no\n".utf8)
                .write(to: folder.appendingPathComponent("d.csv"))
            let fit = try Vae.shell(
                "\"$VAE\" fit network d.csv --structure 'Cloud -> Rain' --smoothing 1 --no-pictures",
                in: folder)
            #expect(fit.status == 0, "\(fit.errors)")
            let learnt = try BIF.read(folder.appendingPathComponent("d-network.bif"))
            expectClose(learnt.variables[1].table, [0.75, 0.25, 0.5, 0.5], absolute: 1e-12)
            #expect(
                !FileManager.default.fileExists(
                    atPath: folder.appendingPathComponent("d-network-tables.svg").path))
            let none = try Vae.run(
                "fit network d.csv --structure garden.bif --start tables --iterations 0 -q --no-pictures -o g.bif",
                in: folder)
            #expect(none.status == 0 && none.errors.isEmpty, "\(none.errors)")
            let kept = try BIF.read(folder.appendingPathComponent("g.bif"))
            let before = try BIF.read(folder.appendingPathComponent("garden.bif"))
            #expect(kept.variables.map(\.table) == before.variables.map(\.table))
        }
    }

    private static let files = [
        "garden.bif": Data(garden.utf8),
        "cyclic.bif": Data(
            garden.replacing("( Cloud ) { table 0.5, 0.5; }", with: "( Cloud | Wet ) { default 0.5 0.5; }")
                .utf8),
        "sums.bif": Data(garden.replacing("table 0.5, 0.5", with: "table 0.5, 0.6").utf8),
        "broken.bif": Data(garden.dropLast(20).utf8),
        "quote.csv": Data("Size,Rain\n\"5\"\"\",yes\n6,no\n".utf8),
        "d.csv": Data("Cloud,Rain,Size\nyes,yes,1\nno,maybe,2\n".utf8),
        "wet.csv": Data("Sprinkler,Rain,Wet\nno,no,yes\n".utf8),
    ]

    private static func query(_ text: String) -> String { "query garden.bif '\(text)'" }

    private static let inputs = [
        BadInput(
            "no network", files, line: "query gone.bif 'P(Cloud)'", status: 66,
            saying: "gone.bif: no such file"),
        BadInput(
            "a cyclic network", files, line: "query cyclic.bif 'P(Cloud)'", status: 65,
            saying: "cyclic.bif: BIF line", "the network is cyclic"),
        BadInput(
            "a table that does not sum to one", files, line: "query sums.bif 'P(Cloud)'", status: 65,
            saying: "sums.bif: BIF line 6: the table of node 'Cloud' sums to 1.1, not to 1"),
        BadInput(
            "a file that ends too early", files, line: "query broken.bif 'P(Cloud)'", status: 65,
            saying: "broken.bif: BIF line"),
        BadInput("no query", files, line: query("Cloud"), status: 64, saying: "'Cloud' is no query"),
        BadInput(
            "an unknown node", files, line: query("P(Clud)"), status: 64,
            saying: "there is no node 'Clud'; there are"),
        BadInput(
            "an unknown category", files, line: query("P(Cloud | Rain=maybe)"), status: 64,
            saying: "'maybe' is no category of node 'Rain'; there are: yes, no"),
        BadInput(
            "what is impossible", files, line: query("P(Cloud | Sprinkler=no, Rain=no, Wet=yes)"), status: 65,
            saying: "Sprinkler=no, Rain=no, Wet=yes has probability zero"),
        BadInput(
            "what no draw has", files,
            line: query("P(Cloud | Sprinkler=no, Rain=no, Wet=yes)") + " --method rejection", status: 65,
            saying: "none of 10000 draws has"),
        BadInput(
            "draws of what is exact", files, line: query("P(Cloud)") + " -n 5", status: 64,
            saying: "'--samples' does not belong to '--method exact'"),
        BadInput(
            "counting nothing", files, line: query("P(Cloud)") + " --method counting", status: 64,
            saying: "give '--data'"),
        BadInput(
            "an unknown category in a table", files, line: "fit network d.csv --structure garden.bif",
            status: 65,
            saying: "d.csv: row 2: 'maybe' is no category of node 'Rain'"),
        BadInput(
            "a node that is nowhere", files, line: "fit network d.csv --structure 'Cloud -> Snow'",
            status: 65,
            saying: "d.csv: node 'Snow' is no column", "--hidden"),
        BadInput(
            "a category that the file to write cannot hold", files,
            line: "fit network quote.csv --structure 'Size -> Rain'", status: 65,
            saying: #"the double quote in category "5\"" of variable "Size" in a BIF file is not supported"#),
        BadInput(
            "arrows in a circle", files, line: "fit network d.csv --structure 'Cloud -> Rain -> Cloud'",
            status: 65,
            saying: "the network is cyclic: "),
        BadInput(
            "a network over its data", files, line: "fit network d.csv --structure garden.bif -o d.csv",
            status: 64, saying: "d.csv would be written over the data"),
        BadInput(
            "no arrows", files, line: "fit network d.csv --structure 'Cloud ->'", status: 64,
            saying: "is no structure: an arrow lacks a node"),
        BadInput(
            "a hidden node without categories", files,
            line: "fit network d.csv --structure 'H -> Rain' --hidden H:many", status: 64,
            saying: "invalid value 'H:many' for '--hidden'"),
        BadInput(
            "no table", files, line: "fit network gone.csv --structure 'A -> B'", status: 66,
            saying: "gone.csv"),
        BadInput(
            "rows that the tables exclude", files,
            line: "fit network wet.csv --structure garden.bif --start tables", status: 65,
            saying: "wet.csv: row 1 has probability zero"),
        BadInput(
            "codes of what is impossible", files, line: "encode garden.bif --data wet.csv", status: 65,
            saying: "wet.csv: row 1 (Sprinkler=no, Rain=no, Wet=yes)"),
        BadInput(
            "measuring without rows", files, line: "evaluate garden.bif", status: 64, saying: "give '--data'"),
        BadInput(
            "what only runs have", files, line: "sample garden.bif --draw", status: 64,
            saying: "'--draw' is for run folders, not for a network"),
    ]

    @Test(arguments: inputs) func badInputIsToldInOneLine(input: BadInput) throws {
        try withTemporaryFolder { folder in
            for (path, data) in input.files { try data.write(to: folder.appendingPathComponent(path)) }
            let outcome = try Vae.shell("\"$VAE\" \(input.line)", in: folder)
            expectComplaint(outcome, status: input.status, saying: input.complaint)
        }
    }

    @Test func aNodeWithoutAColumnIsToldOf() throws {
        try Self.withGarden { folder in
            try Data("Sprinkler,Rain,Wet\nno,yes,yes\nyes,,yes\n".utf8)
                .write(to: folder.appendingPathComponent("d.csv"))
            let line = "fit network d.csv --structure garden.bif --restarts 1 --no-pictures"
            let fit = try Vae.run(line, in: folder)
            #expect(fit.status == 0, "\(fit.errors)")
            #expect(fit.errors.contains("note: no row tells node 'Cloud'; it is learnt as a hidden one\n"))
        }
    }
}
