import Foundation
import TestSupport
import Testing

/// What is left of `vae evaluate` where a part of it cannot be.
@Suite struct EvaluateFailureTests {
    /// A model of pictures that come in a split to learn from and one to measure by.
    private func withPictures(posterior: String, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for (split, seeds) in [("train", 0..<40), ("test", 100..<130)] {
                for seed in seeds {
                    let place = folder.appendingPathComponent(
                        "pictures/\(split)/\(seed % 2 == 0 ? "even" : "odd")")
                    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                    try Sample.png(side: 8, seed: seed).write(
                        to: place.appendingPathComponent("\(seed).png"))
                }
            }
            let training = try Vae.run(
                """
                train --data pictures --network mlp --hidden 8 --latents 2 --posterior \(posterior) --batch-size 20 \
                --epochs 1 --threads 1 --quiet --out run
                """, in: folder)
            try #require(training.status == 0, "\(training.errors)")
            try body(folder)
        }
    }

    @Test func whatIsRefusedIsRefusedBeforeAnythingIsMeasured() throws {
        try withPictures(posterior: "planar") { folder in
            for (options, complaint) in [
                ("--realism --gaps", "--gaps: q(z | x) is not a Gaussian"),
                ("--surgery --realism -n 10", "--realism: too few images"),
            ] {
                let outcome = try Vae.run("evaluate run \(options) --threads 1", in: folder)
                expectComplaint(outcome, status: 65, saying: [complaint])
                // No bar of a pass has been begun.
                #expect(!outcome.errors.contains("%"), "\(outcome.errors)")
            }
        }
    }

    @Test func aBoundThatIsNoNumberIsAnError() throws {
        try withTable { folder in
            try Data("a,b,c\n0,0,0\n1e30,0,0\n".utf8).write(to: folder.appendingPathComponent("huge.csv"))
            let outcome = try Vae.run("evaluate run --data huge.csv --threads 1 -q", in: folder)
            expectComplaint(outcome, status: 65, saying: ["not a finite number", "extreme values"])
        }
    }

    /// A rate that weighs a hundred leaves nothing of z, which is seen in the codes of all pictures only.
    @Test func whatFailsLaterIsNamedAndTheRestIsToldAndKept() throws {
        try withTemporaryFolder { folder in
            let training = try Vae.run(
                """
                train --data sprites --image-size 16 --network mlp --hidden 32 --latents 3 --objective beta \
                --objective-weight 100 --warm-up 0 --batch-size 512 --epochs 1 --validation 1000 --threads 1 --quiet --out run
                """, in: folder)
            try #require(training.status == 0, "\(training.errors)")
            let outcome = try Vae.run(
                "evaluate run -k 0 -n 1000 --disentanglement --surgery --quiet --threads 1", in: folder)
            #expect(outcome.status == 65, "\(outcome.errors)")
            #expect(
                outcome.errors.hasPrefix("vae: error: disentanglement: every unit has collapsed"),
                "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
            #expect(outcome.output.contains("\ndistortion ") && outcome.output.contains("\nsay x"))
            let kept = try Data(contentsOf: folder.appendingPathComponent("run/evaluation.json"))
            let json = try #require(JSONSerialization.jsonObject(with: kept) as? [String: Any])
            #expect(json["surgery"] != nil && json["disentanglement"] == nil)
        }
    }

    @Test func combinationsTooFewForTheirFactorsAreRefused() throws {
        let folder = try Trained.images.get().run.deletingLastPathComponent()
        expectComplaint(
            try Vae.run("evaluate images --disentanglement -n 100 --quiet", in: folder), status: 65,
            saying: ["--disentanglement", "100 combinations", "850 examples"])
    }
}
