import Foundation
import TestSupport
import Testing

/// Posterior collapse as a person at the shell meets it.
@Suite struct CollapseTests {
    @Test func aModelPressedToCollapseIsToldOfOnceAndInTheReport() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let outcome = try Vae.run(
                """
                train --data rows.csv --hidden 8 --latents 2 --batch-size 16 --epochs 10 --warm-up 0 --learning-rate 0.01 \
                --objective beta --objective-weight 1000 --threads 1 --out run
                """, in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let warnings = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
            try #require(!warnings.isEmpty)
            let last = try #require(warnings.last)
            #expect(last.contains("0 of 2 latent units carry information") && last.contains("a warm-up"))
            #expect(warnings.count == 1, "\(warnings)")
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("Training raised the alarm that units had collapsed after epoch"))
            #expect(page.contains("active units"))
        }
    }
}
