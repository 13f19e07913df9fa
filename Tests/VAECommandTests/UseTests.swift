import Formats
import Foundation
import TestSupport
import Testing

/// Every command on one trained model of 16×16 images with four latents.
@Suite struct UseTests {
    /// Runs a command that writes a file, which it names on its last line, and hands the file over.
    private func output(_ line: String, suffix: String) throws -> URL {
        let run = try Trained.images.get().run
        let outcome = try Vae.run(line + " --threads 1", in: run.deletingLastPathComponent())
        try #require(outcome.status == 0, "\(outcome.errors)")
        let path = try #require(outcome.output.split(separator: "\n").last.map(String.init))
        #expect(path.hasSuffix(suffix))
        return run.deletingLastPathComponent().appendingPathComponent(path)
    }

    private func expectPicture(_ line: String, name: String, width: Int, height: Int) throws {
        let image = try PNG.decode(Data(contentsOf: output(line, suffix: "images/figures/\(name).png")))
        #expect(image.width == width)
        #expect(image.height == height)
        #expect(Set(image.pixels).count > 4, "the picture is blank")
    }

    @Test func trainingLeavesARunWithAReport() throws {
        let (run, outcome) = try Trained.images.get()
        #expect(outcome.output.contains("run: images\nreport: images/report.html\npictures: images/figures/"))
        let names = ["config.json", "metrics.jsonl", "report.html", "checkpoints/best.safetensors"]
        for name in names {
            #expect(FileManager.default.fileExists(atPath: run.appendingPathComponent(name).path), "\(name)")
        }
        let page = try String(contentsOf: run.appendingPathComponent("report.html"), encoding: .utf8)
        for heading in ["What each unit says", "Whether the prior fits the codes", "How it learnt"] {
            #expect(page.contains(heading), "\(heading)")
        }
        let lines = outcome.errors.split(separator: "\n")
        let epoch =
            /epoch 1\/1  loss \d+\.\d+  distortion \d+\.\d+  rate \d+\.\d+  validation \d+\.\d+  \d+\.\d s/
        #expect(lines.contains { $0.wholeMatch(of: epoch) != nil }, "\(outcome.errors)")
        #expect(
            lines.contains("note: grey values under a Bernoulli: the numbers are a loss, not a likelihood"))
    }

    @Test func samplesStandInRowsAndColumns() throws {
        try expectPicture(
            "sample images --count 6 --columns 3", name: "sample", width: 3 * 18 + 2, height: 2 * 18 + 2)
    }

    @Test func samplesAsAnArrayRepeatWithTheirSeed() throws {
        let line = "sample images --count 5 --draw --seed"
        let first = try NPY.read(output("\(line) 3 --out first.npy", suffix: "first.npy"))
        let again = try NPY.read(output("\(line) 3 --out again.npy", suffix: "again.npy"))
        let other = try NPY.read(output("\(line) 4 --out other.npy", suffix: "other.npy"))
        #expect(first.shape == [5, 1, 16, 16])
        #expect(first == again)
        #expect(first != other)
        #expect(Set(first.values(as: Float.self)) == [0, 1])
    }

    @Test func everyReconstructionStandsBelowItsExample() throws {
        try expectPicture(
            "reconstruct images --count 8 --columns 4 --scale 2", name: "reconstruct", width: 4 * 34 + 2,
            height: 4 * 32 + 2 + 1 + 6 + 1 + 2)
    }

    @Test func waysAndTraversalsHaveARowEach() throws {
        try expectPicture(
            "interpolate images --rows 3 --columns 5", name: "interpolate", width: 5 * 18 + 2,
            height: 3 * 18 + 2)
        try expectPicture(
            "traverse images --rows 3 --columns 7", name: "traverse", width: 7 * 18 + 2, height: 3 * 18 + 2)
    }

    @Test func theManifoldIsASquare() throws {
        try expectPicture("manifold images --side 5", name: "manifold", width: 80, height: 80)
    }

    @Test func codesGoOutAsArrayAndTableAndComeBack() throws {
        let array = try NPY.read(output("encode images --count 30", suffix: "images/codes.npy"))
        #expect(array.shape == [2, 30, 4])
        let table = try CSV.read(output("encode images --count 30 --out codes.csv", suffix: "codes.csv"))
        #expect(
            table.columns.map(\.name) == (0..<4).map { "mean_\($0)" } + (0..<4).map { "log_variance_\($0)" })
        let means = try table.matrix((0..<4).map { "mean_\($0)" }).values(as: Double.self)
        #expect(means.map { Float($0) } == Array(array.values(as: Float.self).prefix(120)))
        let decoded = try NPY.read(output("decode images images/codes.npy --out d.npy", suffix: "d.npy"))
        let reconstructed = try NPY.read(
            output("reconstruct images --count 30 --out r.npy", suffix: "r.npy"))
        #expect(decoded.shape == [30, 1, 16, 16])
        #expect(decoded == reconstructed)
        try expectPicture(
            "decode images codes.csv --columns 10", name: "decode", width: 182, height: 3 * 18 + 2)
    }

    @Test func aTableOfRowsIsSampledReconstructedAndEvaluated() throws {
        let run = try Trained.table.get().run
        let folder = run.deletingLastPathComponent()
        for (line, rows) in [("sample table --count 7", 7), ("reconstruct table --count 9", 9)] {
            let outcome = try Vae.run(line, in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let path = outcome.output.trimmingCharacters(in: .newlines)
            #expect(try CSV.read(folder.appendingPathComponent(path)).matrix().shape == [rows, 3])
        }
        let outcome = try Vae.run("evaluate table --importance-samples 50 --json", in: folder)
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let elbo = try #require((json["elbo"] as? [String: Double])?["mean"])
        let likelihood = try #require((json["logLikelihood"] as? [String: Double])?["mean"])
        #expect(elbo < likelihood)
        #expect(json["kind"] as? String == "bound")
        #expect(json["split"] as? String == "validation")
        #expect(json["examples"] as? Int == 20)
    }

    @Test(arguments: ["learned", "pixel --pixel-variance-head square", "optimal"])
    func everyVarianceOfAGaussianIsTrainedAndEvaluated(choice: String) throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let training = try Vae.run(
                "train --data rows.csv --hidden 4 --epochs 2 --likelihood-variance \(choice) --threads 1 --out run",
                in: folder)
            try #require(training.status == 0, "\(training.errors)")
            let outcome = try Vae.run("evaluate run --json --quiet", in: folder)
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect(json["kind"] as? String == "bound")
        }
    }

    @Test func anEvaluationSaysWhatItsNumbersAre() throws {
        let run = try Trained.images.get().run
        let outcome = try Vae.run("evaluate images --count 200 --quiet", in: run.deletingLastPathComponent())
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains("test split of sprites: 200 examples, grey values in [0, 1]"))
        #expect(outcome.output.contains("a loss, not a likelihood"))
        #expect(!outcome.output.contains("ELBO"))
        #expect(outcome.output.contains(/\nloss +\d+\.\d+ +\d+\.\d+  1 draw of z\n/))
        #expect(outcome.output.contains(/\nactive units: \d of 4(, \d with a rate of at least 0.05 nats)?\n/))
    }

    private func vae(_ line: String, in folder: URL) throws -> String {
        let outcome = try Vae.run(line, in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        return outcome.output
    }

    @Test func anEvaluationIsKeptInTheRunAndItsReport() throws {
        try withTable { folder in
            let kept = folder.appendingPathComponent("run/evaluation.json")
            let page = folder.appendingPathComponent("run/report.html")
            let before = try Data(contentsOf: kept)
            for line in ["--no-report", "--split training", "--data rows.csv", "--checkpoint latest"] {
                _ = try vae("evaluate run --quiet \(line)", in: folder)
                #expect(try Data(contentsOf: kept) == before, "\(line)")
            }
            let text = try vae("evaluate run --quiet --surgery", in: folder)
            for part in ["\n         1 ", "\n       100 ", "mutual information", "get back: log q(z | x)"] {
                #expect(text.contains(part), "\(part)")
            }
            #expect(try String(contentsOf: page, encoding: .utf8).contains("What the latent is worth"))
            let figure = folder.appendingPathComponent("run/figures/likelihood-curve.svg")
            #expect(try String(contentsOf: figure, encoding: .utf8).hasPrefix("<svg"))
            // Measured again without the surgery, which is of the same weights still.
            let json = try vae("evaluate run --quiet --json -k 20", in: folder)
            let found = try #require(
                JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            #expect((found["likelihoodCurve"] as? [Any])?.count == 3)
            #expect(found["surgery"] == nil)
            let stored = try #require(
                JSONSerialization.jsonObject(with: Data(contentsOf: kept)) as? [String: Any])
            #expect(stored["importanceSamples"] as? Int == 20)
            #expect(stored["surgery"] != nil)
        }
    }

    @Test func gapsAndAnnealingAreMeasuredAndShown() throws {
        try withTable { folder in
            let text = try vae(
                """
                evaluate run --quiet -n 6 --gaps --refinement-steps 5 --refinement-optimizer sgd \
                --refinement-samples 3 --refinement-rate 0.01 --annealed-steps 5 --chains 3
                """,
                in: folder)
            for part in ["amortization gap", "approximation gap", "log p(x) by annealing:", "% of moves"] {
                #expect(text.contains(part), "\(part)")
            }
            let page = try String(
                contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("What the bound loses") && page.contains("Annealed importance sampling"))
        }
    }

    @Test func runsAreComparedByWhatWasMeasuredOfThem() throws {
        try withTable { folder in
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent("run"), to: folder.appendingPathComponent("other"))
            _ = try vae("evaluate other --quiet -k 10 --surgery", in: folder)
            let text = try vae("compare run other --out both.html", in: folder)
            #expect(text.contains(/\n +run +other\n|^ +run +other\n/))
            #expect(text.contains(/\nELBO +-?\d+\.\d\d ± \d+\.\d\d +-?\d+\.\d\d ± \d+\.\d\d\n/))
            #expect(text.contains(/\nmutual information +-?\d+\.\d\d ± \d+\.\d\d\n/))
            #expect(text.hasSuffix("\nboth.html\n"))
            let page = try String(
                contentsOf: folder.appendingPathComponent("both.html"), encoding: .utf8)
            #expect(page.contains("2 runs side by side"))
            let json = try vae("compare run other --json", in: folder)
            let reports = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
            #expect(reports?.map { $0["run"] as? String } == ["run", "other"])
            try FileManager.default.removeItem(at: folder.appendingPathComponent("run/evaluation.json"))
            expectComplaint(
                try Vae.run("compare other run", in: folder), status: 66, saying: ["vae evaluate run"])
        }
    }

    @Test func examplesAreScoredAndComparedWithTheRunsOwn() throws {
        try withTable { folder in
            let far = "a,b,c\n" + (0..<12).map { "\($0 + 5),\(-$0 - 5),\(9 + $0 % 2)\n" }.joined()
            try Data(far.utf8).write(to: folder.appendingPathComponent("far.csv"))
            let text = try vae(
                "score run far.csv --roc -k 20 --refinement-steps 5 --reference 30 --split training -o s.csv --quiet",
                in: folder)
            let table = try CSV.read(folder.appendingPathComponent("s.csv"))
            #expect(
                table.columns.map(\.name) == [
                    "log_likelihood", "likelihood_regret", "typicality", "reconstruction_error",
                ])
            #expect(try table.matrix().shape == [12, 4])
            // Rows so far away are told apart by every likelihood.
            #expect(text.contains(/\nlog_likelihood +1\.0000\n/))
            #expect(text.hasSuffix("s.csv\n"))
            _ = try vae("score run --refinement-steps 0 --quiet", in: folder)
            let own = try CSV.read(folder.appendingPathComponent("run/scores.csv"))
            #expect(own.columns.map(\.name) == ["log_likelihood", "typicality", "reconstruction_error"])
        }
    }

    @Test func whatCannotBeMeasuredOfAModelIsTold() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            _ = try vae(
                "train --data rows.csv --hidden 4 --epochs 1 --posterior planar --quiet --out run", in: folder
            )
            let text = try vae("evaluate run --quiet --surgery", in: folder)
            #expect(text.contains("the rate is not cut further: q(z | x) is known at its own draws only"))
            let outcome = try Vae.run("evaluate run --quiet --gaps", in: folder)
            expectComplaint(outcome, status: 65, saying: ["--gaps", "q(z | x) is not a Gaussian"])
        }
    }

    @Test func aRunAndItsCheckpointCanBeInspected() throws {
        let folder = try Trained.images.get().run.deletingLastPathComponent()
        let run = try Vae.run("inspect images", in: folder)
        #expect(run.status == 0)
        #expect(run.output.contains("\nmodel: Gaussian VAE, 4 latents"))
        #expect(run.output.contains("best at step 77, latest at step 77"))
        let file = try Vae.run("inspect images/checkpoints/latest.safetensors --json", in: folder)
        let json = try #require(JSONSerialization.jsonObject(with: Data(file.output.utf8)) as? [String: Any])
        let tensors = try #require(json["tensors"] as? [[String: Any]])
        #expect(tensors.contains { $0["name"] as? String == "optimizer/step" })
    }

    @Test func aFlowForPosteriorAndPriorTrainsAndGivesCodesWithoutVariances() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            func vae(_ line: String) throws {
                let outcome = try Vae.run(line, in: folder)
                try #require(outcome.status == 0, "\(outcome.errors)")
            }
            try vae(
                """
                train --data rows.csv --hidden 4 --latents 2 --epochs 1 --threads 1 --quiet --out run \
                --posterior sylvester --posterior-layers 2 --directions 2 \
                --prior autoregressive --flow-layers 2 --flow-hidden 8
                """)
            try vae("encode run --out codes.csv --quiet")
            try vae("encode run --out codes.npy --quiet")
            let table = try CSV.read(folder.appendingPathComponent("codes.csv"))
            #expect(table.columns.map(\.name) == ["code_0", "code_1"])
            let array = try NPY.read(folder.appendingPathComponent("codes.npy"))
            #expect(array.shape == [20, 2])
            for line in ["decode run codes.csv", "decode run codes.npy", "reconstruct run", "sample run"] {
                try vae(line)
            }
            try vae("evaluate run --importance-samples 20 --quiet")
        }
    }

    @Test func aSummaryInJSONIsAllThatStandsOnStandardOutput() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let outcome = try Vae.run(
                "train --data rows.csv --hidden 4 --epochs 2 --batch-size 50 --threads 1 --json --quiet",
                in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect(json["outcome"] as? String == "finished")
            #expect(json["run"] as? String == "runs/rows-mlp-1")
            #expect(json["steps"] as? Int == 8)
        }
    }
}
