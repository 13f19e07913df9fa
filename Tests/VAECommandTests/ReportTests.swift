import Formats
import Foundation
import TestSupport
import Testing

/// What reports and `vae evaluate` say of a run, and what they leave in its folder.
@Suite struct ReportTests {
    private func vae(_ line: String, in folder: URL) throws -> Vae.Outcome {
        let outcome = try Vae.run(line, in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        return outcome
    }

    private func page(of run: String, in folder: URL) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("\(run)/report.html"), encoding: .utf8)
    }

    @Test func picturesOfTheUsersStayAsTheyAre() throws {
        try withTemporaryFolder { folder in
            try Sample.images(count: 60, channels: 1).write(to: folder.appendingPathComponent("d.npy"))
            _ = try vae(
                """
                train --data d.npy --network mlp --hidden 4 --latents 2 --batch-size 10 --epochs 1 --validation 20 \
                --threads 1 --quiet --out run
                """, in: folder)
            for line in [
                "manifold run --side 3", "sample run -n 4", "reconstruct run -n 4", "traverse run",
                "interpolate run",
                "sample run -n 1 -o run/figures/samples.png",
            ] { _ = try vae(line, in: folder) }
            let names = ["manifold", "sample", "reconstruct", "traverse", "interpolate", "samples"]
            func pictures() throws -> [Data] {
                try names.map { try Data(contentsOf: folder.appendingPathComponent("run/figures/\($0).png")) }
            }
            let before = try pictures()
            for _ in 0..<2 { _ = try vae("evaluate run --quiet", in: folder) }
            #expect(try pictures() == before)
            let beside = try PNG.decode(
                Data(contentsOf: folder.appendingPathComponent("run/figures/report-samples.png")))
            #expect(beside.width > 8 * 12)
        }
    }

    @Test func everyChartIsAFileOfItsOwn() throws {
        try withTable { folder in
            _ = try vae(
                "evaluate run --quiet -k 10 --surgery --gaps --refinement-steps 2 --prior-fit", in: folder)
            _ = try vae("gradients run --quiet -n 5 --repeats 4 --reference 4", in: folder)
            let page = try page(of: "run", in: folder)
            let names = try FolderEntry.names(in: folder.appendingPathComponent("run/figures")).filter {
                $0.hasSuffix(".svg")
            }
            for name in [
                "gaps", "surgery-code", "surgery-rate", "likelihood-curve", "units", "prior-plane",
                "prior-quantiles",
                "curves", "curves-parts", "gradients", "gradients-bias", "columns", "column-0", "column-1",
                "column-2",
            ] { #expect(names.contains(name + ".svg"), "\(name)") }
            #expect(page.components(separatedBy: "<svg").count - 1 == names.count)
            #expect(page.contains("amortization: ELBO to refined ELBO"))
            #expect(page.contains("log n, the most that I can be"))
        }
    }

    @Test func theReportOfATableShowsItsColumns() throws {
        let folder = try Trained.table.get().run.deletingLastPathComponent()
        let page = try page(of: "table", in: folder)
        #expect(page.contains("The columns") && page.contains("error of reconstructions"))
        for name in ["a", "b", "c"] {
            #expect(page.contains("<td>\(name)</td>") && page.contains("How \(name) is spread."), "\(name)")
        }
        // The mean of a over the rows that were held out, which lie between −1 and 0.9.
        let row = try #require(page.firstMatch(of: /<td>a<\/td><td class="number">([-0-9.e]+)<\/td>/))
        #expect(try abs(#require(Double(row.1))) < 1)
    }

    @Test func theObjectiveStandsAtTheTop() throws {
        let folder = try Trained.table.get().run.deletingLastPathComponent()
        #expect(try page(of: "table", in: folder).contains(/class="subtitle">[^<]*Objective: ELBO\.</))
        let lines = try vae("inspect table", in: folder).output.split(separator: "\n")
        #expect(lines.prefix(5).contains("objective: ELBO"))
        try withTable { folder in
            _ = try vae(
                "train --from run --objective iwae --samples 3 --epochs 1 --threads 1 --quiet -o on",
                in: folder)
            let text = "importance-weighted bound, 3 draws of z"
            #expect(try page(of: "on", in: folder).contains("Objective: \(text)."))
            #expect(try vae("inspect on", in: folder).output.contains("\nobjective: \(text)\n"))
        }
    }

    @Test func otherDataAreCalledWhatTheyAre() throws {
        let folder = try Trained.table.get().run.deletingLastPathComponent()
        for split in ["", "--split training"] {
            let text = try vae("evaluate table --quiet --data rows.csv \(split)", in: folder).output
            #expect(text.contains("\nrows.csv: 200 examples, real values\n"), "\(text)")
            #expect(!text.contains("split"))
        }
        let json = try vae("evaluate table --quiet --data rows.csv --json", in: folder).output
        let found = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(found["split"] as? String == "all")
        let own = try vae("evaluate table --quiet --split training", in: folder).output
        #expect(own.contains("\ntraining split of ") && own.contains("rows.csv: 180 examples"))
        // Data with splits are measured by them.
        _ = try Trained.images.get()
        let images = try vae("evaluate images --quiet -n 50 --data sprites", in: folder).output
        #expect(images.contains("\ntest split of sprites: 50 examples"))
    }

    @Test(arguments: [(1, "grey"), (3, "color")])
    func imagesHaveGreyOrColorValues(channels: Int, name: String) throws {
        try withTemporaryFolder { folder in
            try Sample.images(count: 40, channels: channels).write(to: folder.appendingPathComponent("d.npy"))
            let training = try vae(
                """
                train --data d.npy --network mlp --hidden 4 --latents 2 --likelihood bernoulli --batch-size 10 \
                --epochs 1 --validation 10 --threads 1 --out run
                """, in: folder)
            let texts = [
                training.errors, try vae("evaluate run --quiet", in: folder).output,
                try vae("inspect run", in: folder).output, try page(of: "run", in: folder),
            ]
            for text in texts {
                #expect(text.contains("\(name) values in [0, 1]"), "\(text)")
                #expect(text.contains("\(name) values under a Bernoulli: the numbers are a loss"), "\(text)")
                #expect(!text.contains((name == "grey" ? "color" : "grey") + " values"), "\(text)")
            }
            let compared = try vae("compare run run", in: folder).output
            #expect(compared.contains("\(name) values in [0, 1]"))
        }
    }

    @Test func aDensityOfLevelsIsNamedWithItsRemedy() throws {
        try withTemporaryFolder { folder in
            try Sample.images(count: 40, channels: 1).write(to: folder.appendingPathComponent("d.npy"))
            let line = """
                train --data d.npy --network mlp --hidden 4 --latents 2 --likelihood gaussian --batch-size 10 --epochs 1 \
                --validation 10 --threads 1
                """
            let note =
                "a density of 8-bit levels without dequantization: the numbers bound no probability; "
                + "train with '--dequantization uniform'"
            let training = try vae("\(line) --out bare", in: folder)
            #expect(training.errors.contains("note: \(note)\n"))
            let text = try vae("evaluate bare --quiet", in: folder).output
            #expect(text.contains("\n\(note)\n"))
            #expect(text.contains(/\nELBO +-?\d+\.\d+ +\d+\.\d+ +bound of a log density, 1 draw of z\n/))
            #expect(
                text.contains("importance-weighted, 100 draws of z") && !text.contains("bits per dimension"))
            #expect(try vae("inspect bare", in: folder).output.contains("note: \(note)\n"))
            #expect(
                try page(of: "bare", in: folder).contains(
                    "without dequantization: the numbers bound no probability; train with &#39;--dequantization"
                ))
            func kind(_ run: String) throws -> [String: Any] {
                let json = try vae("evaluate \(run) --quiet --json", in: folder).output
                return try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            }
            let bare = try kind("bare")
            #expect(bare["kind"] as? String == "density" && bare["kindNote"] as? String == note)

            _ = try vae("\(line) --dequantization uniform --quiet --out noisy", in: folder)
            let noisy = try kind("noisy")
            #expect(noisy["kind"] as? String == "bound" && noisy["kindNote"] == nil)
            #expect(noisy["bitsPerDimension"] != nil)
            let compared = try vae("compare bare noisy", in: folder).output
            #expect(compared.contains("note: some of the numbers are of a density of 8-bit levels"))

            _ = try vae("fit mixture d.npy -k 2 --covariance diagonal --no-pictures --quiet", in: folder)
            let fitted = try vae("evaluate d-mixture.json --quiet", in: folder).output
            #expect(fitted.contains("\na density of 8-bit levels without dequantization"), "\(fitted)")
            #expect(fitted.contains("\nd.npy: 40 rows\n") && fitted.contains("\nlog p(x) "))
        }
    }
}
