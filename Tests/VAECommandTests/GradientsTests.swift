import Foundation
import TestSupport
import Testing

/// `vae gradients` on a model of rows.
@Suite struct GradientsTests {
    private static let few = "--quiet --repeats 10 --reference 20 -n 16"

    private func vae(_ line: String, in folder: URL) throws -> String {
        let outcome = try Vae.run(line, in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        #expect(outcome.errors.isEmpty, "\(line)")
        return outcome.output
    }

    @Test func everyEstimatorIsMeasuredAndShownInTheReport() throws {
        try withTable { folder in
            let text = try vae("gradients run \(Self.few) -k 4", in: folder)
            #expect(text.hasPrefix("gradient of the importance-weighted bound of 4 draws of z"))
            let names = [
                "reparameterized", "stl", "dreg", "score", "score, running-mean", "score, leave-one-out",
            ]
            for name in names { #expect(text.contains("\n\(name) "), "\(name)") }
            for name in ["gradients.svg", "gradients-bias.svg"] {
                let figure = folder.appendingPathComponent("run/figures/\(name)")
                #expect(try String(contentsOf: figure, encoding: .utf8).hasPrefix("<svg"))
            }
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("How noisy the gradients are"))
        }
    }

    @Test func theSameSeedGivesTheSameNumbers() throws {
        try withTable { folder in
            let line = "gradients run \(Self.few) --bound elbo -k 1 --no-report --json"
            let first = try vae(line, in: folder)
            #expect(try vae(line, in: folder) == first)
            #expect(try vae(line + " --seed 1", in: folder) != first)
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
            let found = try #require(json["gradients"] as? [String: Any])
            let rows = try #require(found["rows"] as? [[String: Any]])
            #expect(
                rows.map { $0["estimator"] as? String } == [
                    "reparameterized", "stl", "score", "score", "analytic-rate",
                ])
            #expect(found["examples"] as? Int == 16)
            #expect(
                !FileManager.default.fileExists(
                    atPath: folder.appendingPathComponent("run/gradients.json").path))
        }
    }

    @Test func whatAModelDoesNotAllowIsLeftOutOrRefused() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let base = "train --data rows.csv --hidden 4 --epochs 1 --quiet --out"
            for line in ["\(base) planar --posterior planar", "\(base) plain --posterior deterministic"] {
                try #require(try Vae.run(line, in: folder).status == 0)
            }
            let few = "--repeats 4 --reference 4 -n 8 --no-report"
            let outcome = try Vae.run("gradients planar \(few)", in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("\nreparameterized ") && !outcome.output.contains("\nscore "))
            #expect(outcome.errors.contains("note: some estimators are left out"))
            expectComplaint(
                try Vae.run("gradients plain \(few)", in: folder), status: 65,
                saying: ["plain", "no latent with a prior"])
        }
    }
}
