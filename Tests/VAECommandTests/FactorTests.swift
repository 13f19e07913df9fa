import Foundation
import TestSupport
import Testing

/// `vae train --objective factor`.
@Suite struct FactorTests {
    @Test func aDiscriminatorIsTrainedAlongResumesAndStaysOutOfTheModel() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            func vae(_ line: String) throws -> String {
                let outcome = try Vae.run(line, in: folder)
                try #require(outcome.status == 0, "\(line): \(outcome.errors)")
                return outcome.output
            }
            _ = try vae(
                """
                train --data rows.csv --hidden 4 --latents 2 --epochs 1 --batch-size 50 --objective factor --gamma 5 \
                --discriminator-hidden 8,8 --threads 1 --quiet --out run
                """)
            _ = try vae("train --resume run --epochs 2 --threads 1 --quiet")
            let text = try vae("inspect run/checkpoints/latest.safetensors --json")
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let names = (json["tensors"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            let own = names.filter { $0.contains("discriminator") }
            #expect(!own.isEmpty && own.allSatisfy { $0.hasPrefix("objective/discriminator/") })
            #expect(try vae("evaluate run --quiet").contains("ELBO"))
            _ = try vae("sample run")
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("total correlation by a discriminator weighed by 5"))
        }
    }

    @Test func aDiscriminatorThatIsLostIsNamedWithItsMend() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            expectComplaint(
                try Vae.run(
                    """
                    train --data rows.csv --hidden 4 --latents 2 --epochs 1 --batch-size 50 --objective factor \
                    --discriminator-learning-rate 1e3 --discriminator-hidden 256,256,256,256,256,256,256,256,256 --threads 1 --quiet --out run
                    """, in: folder), status: 1,
                saying: ["discriminator", "not finite", "(--discriminator-learning-rate)"])
        }
    }
}
