import Formats
import Foundation
import TestSupport
import Testing

/// What the commands make of rows that say more than a network asks, or what it excludes.
@Suite struct NetworkRowsTests {
    private static func properties(_ name: String, in folder: URL) throws -> [[String]] {
        try BIF.read(folder.appendingPathComponent(name)).variables.map(\.properties)
    }

    @Test("A hidden node's column, whose values are not its categories, is passed over by every command")
    func hiddenColumns() throws {
        try NetworkTests.withGarden { folder in
            let note = "note: all.csv: columns of hidden nodes are passed over: Cloud\n"
            let sample =
                "\"$VAE\" sample garden.bif -n 400 --seed 5 -o all.csv && cut -d, -f2- all.csv > seen.csv"
            #expect(try Vae.shell(sample, in: folder).status == 0)
            let few = "--restarts 1 --iterations 20 --no-pictures"
            let fit = try Vae.shell(
                "\"$VAE\" fit network all.csv --structure '\(NetworkTests.arrows)' --hidden Cloud:2 \(few) -o net.bif",
                in: folder)
            #expect(fit.status == 0 && fit.errors.contains(note), "\(fit.errors)")
            #expect(try Self.properties("net.bif", in: folder) == [["hidden = true"], [], [], []])
            for line in [
                "evaluate net.bif --data all.csv --json",
                "encode net.bif --data all.csv -o codes.csv && cat codes.csv",
                "query net.bif 'P(Cloud | Wet=yes)' --method counting --data all.csv --json",
            ] {
                let full = try Vae.shell("\"$VAE\" \(line)", in: folder)
                let cut = try Vae.shell(
                    "\"$VAE\" \(line.replacing("all.csv", with: "seen.csv"))", in: folder)
                #expect(full.status == 0 && full.errors.contains(note), "\(full.errors)")
                #expect(cut.status == 0 && !cut.errors.contains("hidden"), "\(cut.errors)")
                #expect(!cut.output.isEmpty)
                #expect(full.output.replacing("all.csv", with: "seen.csv") == cut.output)
            }
            let quiet = try Vae.run("evaluate net.bif --data all.csv -q", in: folder)
            #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
            let again = try Vae.run("fit network all.csv --structure net.bif \(few) -o again.bif", in: folder)
            #expect(again.status == 0 && again.errors.contains(note), "\(again.errors)")
            #expect(try Self.properties("again.bif", in: folder) == [["hidden = true"], [], [], []])
        }
    }

    @Test(
        "A node without a column is hidden afterwards, unless it began with the tables that give it its meaning"
    )
    func nodesWithoutAColumn() throws {
        try NetworkTests.withGarden { folder in
            try Data("Sprinkler,Rain,Wet\nno,yes,yes\nyes,,yes\n".utf8)
                .write(to: folder.appendingPathComponent("d.csv"))
            try Data("Cloud,Rain\n1,yes\n".utf8).write(to: folder.appendingPathComponent("later.csv"))
            for (start, properties, status) in [("random", ["hidden = true"], Int32(0)), ("tables", [], 65)] {
                let fit = try Vae.run(
                    "fit network d.csv --structure garden.bif --start \(start) --restarts 1 --no-pictures -o n.bif",
                    in: folder)
                #expect(fit.status == 0, "\(fit.errors)")
                #expect(try Self.properties("n.bif", in: folder)[0] == properties)
                // 1 is no category of it.
                #expect(try Vae.run("evaluate n.bif --data later.csv", in: folder).status == status)
            }
        }
    }

    @Test("Rows of probability zero make that of all rows zero, and the means say what they are of")
    func impossibleRows() throws {
        try NetworkTests.withGarden { folder in
            try Data("Sprinkler,Rain,Wet\nno,no,yes\nyes,no,yes\nno,yes,no\n".utf8)
                .write(to: folder.appendingPathComponent("d.csv"))
            struct Report: Decodable {
                struct Estimate: Decodable { let mean: Double }
                let rows: Int, impossibleRows: Int
                let elbo: Estimate
                let possibleLogLikelihood: Double
                let logLikelihood: String
            }
            let json = try Vae.run("evaluate garden.bif --data d.csv --json", in: folder)
            #expect(json.status == 0, "\(json.errors)")
            let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
            #expect(report.rows == 3 && report.impossibleRows == 1 && report.logLikelihood == "-inf")
            // 0.5 (0.1·0.2 + 0.5·0.8) · 0.9 and 0.5 (0.9·0.8 + 0.5·0.2) · 0.1.
            let expected = log(0.21 * 0.9) + log(0.41 * 0.1)
            expectClose(report.possibleLogLikelihood, expected, absolute: 1e-12)
            expectClose(report.elbo.mean, expected / 2, absolute: 1e-12)
            let text = try Vae.run("evaluate garden.bif --data d.csv", in: folder).output
            let sum = String(format: "%.4f", expected)
            #expect(
                text.hasSuffix(
                    """
                    log-likelihood of the rows that are possible, which the means are of: \(sum) nats
                    log-likelihood of all rows: −∞ nats (1 of probability zero)

                    """), "\(text)")
        }
    }
}
