import Foundation
import TestSupport
import Testing

/// `vae evaluate --prior-fit`.
@Suite struct PriorFitTests {
    @Test func theGainIsToldKeptAndShownInTheReport() throws {
        try withTable { folder in
            let outcome = try Vae.run("evaluate run --quiet -k 0 --prior-fit", in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let told = /a prior fitted to the codes would gain -?\d+\.\d+ ± \d+\.\d+ nats: .*180 training/
            #expect(outcome.output.contains(told), "\(outcome.output)")
            let kept = try Data(contentsOf: folder.appendingPathComponent("run/evaluation.json"))
            let json = try #require(JSONSerialization.jsonObject(with: kept) as? [String: Any])
            let fit = try #require(json["priorFit"] as? [String: Any])
            // Twenty codes for each component at least: of 180, up to five.
            #expect((fit["candidates"] as? [Any])?.count == 3)
            #expect(fit["split"] as? String == "validation")
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("in the place of the prior, would gain"))
        }
    }

    @Test func aModelWithoutAPriorIsRefused() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let training = try Vae.run(
                "train --data rows.csv --hidden 4 --epochs 1 --posterior deterministic --quiet --out run",
                in: folder)
            try #require(training.status == 0, "\(training.errors)")
            expectComplaint(
                try Vae.run("evaluate run --quiet --prior-fit", in: folder), status: 65,
                saying: ["--prior-fit", "no latent with a prior"])
        }
    }
}
