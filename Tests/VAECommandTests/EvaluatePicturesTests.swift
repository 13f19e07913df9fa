import Foundation
import TestSupport
import Testing

/// What `vae evaluate` measures of pictures: factors of sprites, and how real samples are.
@Suite struct EvaluatePicturesTests {
    private func vae(_ line: String, in folder: URL) throws -> Vae.Outcome {
        let outcome = try Vae.run(line, in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        return outcome
    }

    private func json(_ outcome: Vae.Outcome) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func unitsAreScoredAgainstTheFactorsOfSprites() throws {
        try withTemporaryFolder { folder in
            // An autoencoder, as its units do not collapse in so short a training.
            _ = try vae(
                """
                train --data sprites --image-size 16 --network mlp --hidden 32 --latents 3 --posterior deterministic \
                --batch-size 512 --epochs 1 --validation 1000 --threads 1 --quiet --out run
                """, in: folder)
            let line = "evaluate run --disentanglement -n 2000 --quiet --threads 1"
            let text = try vae(line, in: folder).output
            for score in ["MIG", "SAP", "DCI completeness", "β-VAE score", "FactorVAE score"] {
                #expect(text.contains("\n\(score) "), "\(score)")
            }
            #expect(text.contains(/\n +I \/ H +shape +scale +rotation +x +y\n/))
            #expect(text.contains("over 2000 combinations of the factors; 3 of 3 units"))
            #expect(text.contains("\nMIG and SAP are of 2000 of the 147456 combinations"))
            let found = try #require(
                try json(vae(line + " --json", in: folder))["disentanglement"] as? [String: Any])
            #expect(found["units"] as? [Int] == [0, 1, 2])
            #expect((found["factors"] as? [[String: Any]])?.count == 5)
            let gap = try #require((found["mutualInformation"] as? [String: Any])?["gap"] as? Double)
            #expect(gap >= 0 && gap < 1)
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("Which unit stands for what"))
            let figure = folder.appendingPathComponent("run/figures/disentanglement.svg")
            #expect(try String(contentsOf: figure, encoding: .utf8).hasPrefix("<svg"))
            expectComplaint(
                try Vae.run("evaluate run --realism --quiet", in: folder), status: 65,
                saying: ["--realism", "no prior", "vae refit run"])
        }
    }

    /// A folder of pictures of two classes: dark ones, and bright ones.
    private func makePictures(in folder: URL) throws {
        for (name, seeds) in [("dark", 0..<60), ("bright", 100..<160)] {
            let place = folder.appendingPathComponent("pictures/\(name)")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for seed in seeds {
                try Sample.png(side: 8, seed: seed).write(to: place.appendingPathComponent("\(seed).png"))
            }
        }
    }

    @Test func samplesAreComparedWithDataInFeaturesThatAreLearntOnce() throws {
        try withTemporaryFolder { folder in
            try makePictures(in: folder)
            _ = try vae(
                """
                train --data pictures --network mlp --hidden 8 --latents 2 --batch-size 20 --epochs 2 --validation 40 \
                --threads 1 --quiet --out run
                """, in: folder)
            let first = try vae("evaluate run --realism -k 0 --threads 1", in: folder)
            #expect(first.errors.contains("learn features"))
            for part in ["precision", "recall", "kernel distance", "sharpness", "\ntraining images "] {
                #expect(first.output.contains(part), "\(part)")
            }
            #expect(first.output.contains(/\nsamples +\d\.\d{3} ± \d\.\d{3}/))
            #expect(first.output.contains("40 of each kind; data have sharpness "))
            let again = try vae("evaluate run --realism -k 0 --threads 1", in: folder)
            #expect(!again.errors.contains("learn features"))
            #expect(again.output == first.output)
            let found = try #require(
                try json(vae("evaluate run --realism -k 0 --threads 1 --quiet --json", in: folder))["realism"]
                    as? [String: Any])
            #expect(found["examples"] as? Int == 40)
            let samples = try #require(found["samples"] as? [String: [String: Double]])
            #expect(samples["precision"]?["mean"].map { (0...1).contains($0) } == true)
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("How real the samples are"))
            expectComplaint(
                try Vae.run("evaluate run --realism -n 10 --quiet", in: folder), status: 65,
                saying: ["--realism", "give 20 at least"])
        }
    }

    @Test func whatTheDataDoNotAllowIsTold() throws {
        let folder = try Trained.table.get().run.deletingLastPathComponent()
        expectComplaint(
            try Vae.run("evaluate table --realism --quiet", in: folder), status: 65,
            saying: ["--realism", "no images"])
        expectComplaint(
            try Vae.run("evaluate table --disentanglement --quiet", in: folder), status: 65,
            saying: ["--disentanglement", "rows.csv", "'sprites'"])
    }
}
