import Formats
import Foundation
import TestSupport
import Testing

/// `vae fit` and what is done with its files.
@Suite struct FitTests {
    /// Two islands of rows, with a column of text and some empty fields.
    private static let table =
        "a,kind,b\n"
        + (0..<60).map { row in
            let side = row % 2 == 0 ? 10 : -10
            let b = row % 9 == 4 ? "" : "\(side + row * 5 % 7)"
            return "\(side + row * 3 % 8),\(side > 0 ? "up" : "down"),\(b)\n"
        }.joined()

    /// The same rows without empty fields.
    private static let whole = table.split(separator: "\n").filter { !$0.hasSuffix(",") }.joined(
        separator: "\n")

    private func inFolder(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Data(Self.table.utf8).write(to: folder.appendingPathComponent("holes.csv"))
            try Data(Self.whole.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            try body(folder)
        }
    }

    private func run(_ line: String, in folder: URL) throws -> Vae.Outcome {
        let outcome = try Vae.run(line + " --threads 1", in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        return outcome
    }

    private func json(_ outcome: Vae.Outcome) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func aMixtureIsFittedFilledInAndMeasured() throws {
        try inFolder { folder in
            let outcome = try run("fit mixture holes.csv -k 2 --impute filled.csv", in: folder)
            #expect(outcome.errors.contains("note: holes.csv: text columns left out: kind\n"))
            #expect(outcome.output.contains("60  of 2 numbers, 7 of them missing"))
            let files = outcome.output.split(separator: "\n").suffix(4)
            #expect(
                files == [
                    "holes-mixture.json", "filled.csv", "holes-mixture-convergence.svg",
                    "holes-mixture-components.svg",
                ])
            for file in files {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appendingPathComponent(String(file)).path))
            }
            let filled = try CSV.read(folder.appendingPathComponent("filled.csv")).matrix()
            #expect(filled.shape == [60, 2])
            #expect(filled.converted(to: Double.self).allSatisfy { $0.isFinite })
            let picture = try String(
                contentsOf: folder.appendingPathComponent("holes-mixture-components.svg"), encoding: .utf8)
            #expect(picture.split(separator: "class=\"curve\"").count == 5, "two ellipses for each component")

            let fitted = try json(
                run("fit mixture holes.csv -k 2 --no-pictures --json -q -o again.json", in: folder))
            let measured = try json(run("evaluate again.json --json", in: folder))
            let logLikelihood = try #require(fitted["logLikelihood"] as? Double)
            let again = try #require(measured["logLikelihood"] as? Double)
            #expect(abs(again / logLikelihood - 1) < 1e-12)
            #expect(measured["kind"] as? String == "exact")
            #expect(try run("evaluate again.json --data rows.csv", in: folder).output.contains(": 53 rows"))
        }
    }

    @Test func theSameSeedGivesTheSameFile() throws {
        try inFolder { folder in
            for model in ["kmeans", "mixture"] {
                let files = try ["one.json", "two.json"].map { name in
                    _ = try run("fit \(model) rows.csv -k 3 --seed 5 -q -o \(name)", in: folder)
                    return try Data(contentsOf: folder.appendingPathComponent(name))
                }
                #expect(files[0] == files[1], "\(model)")
            }
        }
    }

    @Test func centresAreFittedAndEncode() throws {
        try inFolder { folder in
            let fitted = try json(run("fit kmeans rows.csv -k 2 --json", in: folder))
            #expect(fitted["isConverged"] as? Bool == true)
            let measured = try json(run("evaluate rows-kmeans.json --json", in: folder))
            let inertia = try #require(fitted["inertia"] as? Double)
            let again = try #require(measured["inertia"] as? Double)
            #expect(abs(again / inertia - 1) < 1e-9)
            _ = try run("encode rows-kmeans.json -o codes.csv", in: folder)
            let codes = try CSV.read(folder.appendingPathComponent("codes.csv"))
            #expect(codes.numericNames == ["code", "distance"])
            let first = try codes.matrix(["code"]).converted(to: Double.self)
            // The islands take turns, but for the rows that were left out.
            #expect(Set(first) == [0, 1])
            _ = try run("encode rows-kmeans.json -n 7", in: folder)
            let array = try NPY.read(folder.appendingPathComponent("rows-kmeans-codes.npy"))
            #expect(array.values(as: Int64.self).map(Double.init) == Array(first.prefix(7)))
            _ = try run("sample rows-kmeans.json -n 5", in: folder)
            let samples = try CSV.read(folder.appendingPathComponent("rows-kmeans-sample.csv"))
            #expect(samples.numericNames == ["a", "b"])
            #expect(try samples.matrix().shape == [5, 2])
        }
    }

    @Test func aVarianceThatIsAFloorIsCalledOne() throws {
        try withTemporaryFolder { folder in
            let twice = "a,b\n" + String(repeating: "1,2\n3,5\n", count: 4)
            try Data(twice.utf8).write(to: folder.appendingPathComponent("d.csv"))
            let line = "fit kmeans d.csv -k 2 --no-pictures"
            #expect(try run(line, in: folder).output.contains("σ² of p(x | z), a floor: rows differ from"))
            #expect(try json(run(line + " --json", in: folder))["isVarianceFloored"] as? Bool == true)
            let one = "fit kmeans d.csv -k 1 --no-pictures"
            #expect(try run(one, in: folder).output.contains("σ² of p(x | z), the likeliest"))
            #expect(try json(run(one + " --json", in: folder))["isVarianceFloored"] as? Bool == false)
        }
    }

    @Test func columnsAreChosenByName() throws {
        try inFolder { folder in
            let outcome = try run("fit mixture holes.csv -k 1 --columns b --json", in: folder)
            #expect(try json(outcome)["size"] as? Int == 1)
            #expect(!outcome.errors.contains("note:"))
            #expect(try run("evaluate holes-mixture.json", in: folder).output.contains("53 rows"))
        }
    }

    @Test func tablesAsOthersShipThemAreFitted() throws {
        try withTemporaryFolder { folder in
            // No header, semicolons, a mark for what is missing, and a column that never changes.
            let rows = (0..<40).map { "\($0 % 7);\($0 == 3 ? "?" : "\(Double($0 % 5) / 4)");1" }
            try Data(rows.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("t.data"))
            let outcome = try Vae.run("fit mixture t.data -k 1 --no-pictures --threads 1", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.errors.contains(
                    "note: t.data: columns with one value, or none, in all rows left out: column 3"))
            #expect(outcome.output.contains("of 2 numbers"))
        }
    }

    @Test func aComponentOnTheFloorIsToldOf() throws {
        try withTemporaryFolder { folder in
            // Fifty rows and one far away, whose component has no width of its own.
            let rows = (0..<50).map { "\($0 * 7 % 11),\($0 * 3 % 13)\n" }.joined() + "1000,1000\n"
            try Data(("a,b\n" + rows).utf8).write(to: folder.appendingPathComponent("d.csv"))
            let line = "fit mixture d.csv -k 2 --no-pictures"
            let note =
                #/note: component [01] rests on the floor \(--floor 1e-06\): .*; ask for fewer components,/#
            #expect(try run(line, in: folder).output.contains(note))
            let two = try json(run(line + " --json", in: folder))
            #expect((two["floored"] as? [Int])?.count == 1)
            let one = try json(run("fit mixture d.csv -k 1 --no-pictures --json", in: folder))
            #expect(one["floored"] as? [Int] == [])
            let doubles = (0..<30).map { "\($0),\(2 * $0)\n" }.joined()
            try Data(("a,b\n" + doubles).utf8).write(to: folder.appendingPathComponent("same.csv"))
            let tied = try run("fit mixture same.csv -k 2 --covariance tied --no-pictures", in: folder).output
            #expect(tied.contains("note: the covariance of all components rests on the floor"))
        }
    }

    @Test func imagesAreDrawnAsCentres() throws {
        try withTemporaryFolder { folder in
            try Sample.idx(count: 40).write(to: folder.appendingPathComponent("d.idx"))
            _ = try run("fit kmeans d.idx -k 4", in: folder)
            let picture = try PNG.decode(
                Data(contentsOf: folder.appendingPathComponent("d-kmeans-centres.png")))
            #expect(picture.width == 2 * 10 + 2 && picture.height == 2 * 10 + 2)
            _ = try run("sample d-kmeans.json -n 4 --scale 2", in: folder)
            let samples = try PNG.decode(
                Data(contentsOf: folder.appendingPathComponent("d-kmeans-sample.png")))
            #expect(samples.width == 2 * 18 + 2)
        }
    }

    @Test func codesOfARunAreFitted() throws {
        let folder = try Trained.images.get().run.deletingLastPathComponent()
        let first =
            "fit mixture sprites --codes images -k 3 --restarts 1 --covariance diagonal --json -o codes.json"
        #expect(try json(run(first, in: folder))["size"] as? Int == 4)
        // A mixture is fitted to draws of q(z | x), which are wider than the centers that k-means is fitted to.
        let line = "sprites --codes images -k 1 --restarts 1 --json"
        let centers = try json(run("fit kmeans \(line) -o centers.json", in: folder))["variance"] as? Double
        _ = try run("fit mixture \(line) --covariance spherical -o wide.json", in: folder)
        let file = try Data(contentsOf: folder.appendingPathComponent("wide.json"))
        let draws = try #require(JSONSerialization.jsonObject(with: file) as? [String: Any])["covariances"]
        #expect(try #require((draws as? [Double])?.first) > 1.01 * #require(centers))
        let measured = try run("evaluate codes.json -n 50", in: folder)
        #expect(measured.output.contains(": 50 rows"))
        _ = try run("sample codes.json -n 3 -o drawn.csv", in: folder)
        // What is drawn are codes, which the run decodes.
        let decoded = try Vae.run("decode images drawn.csv -o drawn.png --threads 1", in: folder)
        #expect(decoded.status == 0, "\(decoded.errors)")
    }

    @Test func anInterruptedFitKeepsTheBestSoFar() throws {
        try inFolder { folder in
            let rows = (0..<20_000).map { "\($0 * 7919 % 20_011),\($0 * 104_729 % 30_011)" }
            try Data(("a,b\n" + rows.joined(separator: "\n")).utf8).write(
                to: folder.appendingPathComponent("many.csv"))
            let running = try Vae.start(
                "fit mixture many.csv -k 8 --tolerance 0 --iterations 1000000 --threads 1 --out many.json",
                in: folder)
            usleep(3_000_000)
            running.send(SIGINT)
            let outcome = try running.outcome()
            #expect(outcome.status == 130, "\(outcome.errors)")
            #expect(outcome.complaint == "stopped; the best so far is in many.json")
            #expect(try run("evaluate many.json -n 10", in: folder).output.contains("10 rows"))
        }
    }
}
