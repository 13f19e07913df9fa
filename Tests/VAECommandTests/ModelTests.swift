import Formats
import Foundation
import TestSupport
import Testing

/// Models other than the plain VAE, from training to use, each small.
@Suite struct ModelTests {
    /// Trains in a folder of its own, with a table of rows in it, and goes on with the run `run`.
    private func withRun(_ training: String, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            _ = try run("train \(training) --threads 1 --out run", in: folder)
            try body(folder)
        }
    }

    /// The output of a command that succeeds.
    @discardableResult
    private func run(_ line: String, in folder: URL) throws -> String {
        let outcome = try Vae.run(line, in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        return outcome.output
    }

    private func evaluation(_ line: String, in folder: URL) throws -> [String: Any] {
        let output = try run("evaluate \(line) --json --quiet", in: folder)
        return try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    private func mean(_ name: String, _ evaluation: [String: Any]) throws -> Double {
        try #require((evaluation[name] as? [String: Any])?["mean"] as? Double)
    }

    private static let images =
        "--data sprites --image-size 16 --batch-size 512 --epochs 1 --validation 1000"

    @Test func aFlowOfATableHasItsExactDensity() throws {
        let training =
            "--data rows.csv --model maf --flow-layers 2 --flow-hidden 8 --batch-size 16 --epochs 3"
        try withRun(training) { folder in
            let text = try run("evaluate run", in: folder)
            #expect(text.contains(/log p\(x\) +-?\d+\.\d+ +\d+\.\d+  exact\n/))
            for word in ["ELBO", "distortion", "rate", "active units", "importance"] {
                #expect(!text.contains(word), "\(word)")
            }
            #expect(try evaluation("run", in: folder)["kind"] as? String == "exact")
            try run("sample run --count 7 --out sample.csv", in: folder)
            #expect(try CSV.read(folder.appendingPathComponent("sample.csv")).matrix().shape == [7, 3])
            try run("encode run --out codes.npy", in: folder)
            #expect(try NPY.read(folder.appendingPathComponent("codes.npy")).shape == [20, 3])
            // The way there and back.
            try run("decode run codes.npy --out back.npy", in: folder)
            try run("reconstruct run --count 20 --out again.npy", in: folder)
            let back = try NPY.read(folder.appendingPathComponent("back.npy"))
            let again = try NPY.read(folder.appendingPathComponent("again.npy"))
            for (one, other) in zip(back.values(as: Float.self), again.values(as: Float.self)) {
                #expect(abs(one - other) < 1e-3)
            }
        }
    }

    @Test func aFlowOfImagesIsMeasuredInBits() throws {
        let training =
            "\(Self.images) --model realnvp --levels 1 --flow-layers 2 --flow-hidden 4 --mixing permutation"
        try withRun(training) { folder in
            let found = try evaluation("run --count 50 --importance-samples 2", in: folder)
            #expect(found["kind"] as? String == "bound")
            #expect(try #require(found["roundTripError"] as? Double) < 1e-4)
            let bits = try #require(found["bitsPerDimension"] as? Double)
            #expect(bits > 0 && bits < 8)
            for command in ["sample run --count 4", "reconstruct run --count 4", "interpolate run --rows 1"] {
                let path = try run(command, in: folder).trimmingCharacters(in: .newlines)
                let image = try PNG.decode(Data(contentsOf: folder.appendingPathComponent(path)))
                #expect(Set(image.pixels).count > 4, "\(command)")
            }
            let outcome = try Vae.run("traverse run", in: folder)
            #expect(outcome.status != 0 && outcome.errors.contains("give '--units'"), "\(outcome.errors)")
        }
    }

    @Test func anAutoencoderBecomesAModelToSampleFrom() throws {
        try withRun("--data rows.csv --posterior deterministic --latents 2 --hidden 8 --epochs 2") { folder in
            let outcome = try Vae.run("sample run", in: folder)
            #expect(outcome.status == 65 && outcome.errors.contains("'vae refit run'"), "\(outcome.errors)")
            let loss = try evaluation("run", in: folder)
            #expect(loss["kind"] as? String == "loss")

            try run(
                "refit run --prior flow --flow-layers 2 --flow-hidden 4 --epochs 2 --threads 1", in: folder)
            #expect(try run("sample run-flow --count 3", in: folder).contains("run-flow/sample.csv"))
            // The networks are those of the autoencoder.
            #expect(try mean("distortion", evaluation("run-flow", in: folder)) == mean("distortion", loss))
        }
    }

    /// A fitted prior lowers the rate of the examples that it was fitted to, the aggregated posterior the most.
    @Test func anotherPriorLeavesTheNetworksAlone() throws {
        try withRun(
            "--data rows.csv --latents 2 --hidden 16 --likelihood-variance fixed --variance 0.01 --epochs 30"
        ) { folder in
            try run("refit run --components 8 --epochs 10 --threads 1", in: folder)
            try run("refit run --prior aggregated --threads 1", in: folder)
            let rates = try ["run", "run-mixture", "run-aggregated"].map { name in
                let found = try evaluation("\(name) --split training --samples 100", in: folder)
                return (distortion: try mean("distortion", found), rate: try mean("rate", found))
            }
            #expect(rates[1].distortion == rates[0].distortion)
            #expect(rates[2].distortion == rates[0].distortion)
            #expect(rates[1].rate < rates[0].rate)
            #expect(rates[2].rate < rates[1].rate)
            #expect(try Vae.run("refit run --prior aggregated", in: folder).errors.contains("run-aggregated"))
            // A run that goes on from a refitted one is repeated as any other.
            #expect(try self.run("inspect run-mixture", in: folder).contains("repeat it: vae refit "))
            try self.run("train --from run-mixture --epochs 1 --threads 1 -q -o on", in: folder)
            #expect(try self.run("inspect on", in: folder).contains("repeat it: vae train --config on"))
        }
    }

    /// With steps too short to move a weight, what a run begins with is what it ends with.
    @Test func aRunGoesOnFromTheWeightsOfAnother() throws {
        try withRun(
            "--data rows.csv --latents 2 --hidden 16 --likelihood-variance fixed --variance 0.01 --epochs 5"
        ) { folder in
            try run(
                "train --from run --objective iwae --samples 3 --learning-rate 1e-12 --epochs 1 --threads 1 -o on",
                in: folder)
            let (before, after) = try (evaluation("run", in: folder), evaluation("on", in: folder))
            #expect(try mean("distortion", before) == mean("distortion", after))
            #expect(try mean("rate", before) == mean("rate", after))
            for choice in [#""model": {"latents": 3}"#, #""seed": 5"#, #""data": {"source": "sprites"}"#] {
                try Data("{\(choice)}".utf8).write(to: folder.appendingPathComponent("other.json"))
                let refused = try Vae.run("train --from run --config other.json -o no", in: folder)
                #expect(refused.status == 64 && refused.errors.contains("with '--from'"), "\(refused.errors)")
            }
            let outcome = try Vae.run("train --from run --latents 3", in: folder)
            #expect(outcome.status == 64 && outcome.errors.contains("'--latents'"), "\(outcome.errors)")
        }
    }

    @Test func optionsGoWithTheSettingsOfAFile() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            try Data(#"{"data": {"source": "rows.csv"}, "model": {"latents": 3}}"#.utf8)
                .write(to: folder.appendingPathComponent("part.json"))
            try run("train --config part.json --posterior full --epochs 1 --threads 1 -q -o run", in: folder)
            #expect(try run("inspect run", in: folder).contains("3 latents"))
        }
    }

    @Test func countsAreAskedFor() throws {
        try withTemporaryFolder { folder in
            let counts = "a,b\n" + (0..<40).map { "\($0 % 7),\($0 % 3)\n" }.joined()
            try Data(counts.utf8).write(to: folder.appendingPathComponent("counts.csv"))
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let line =
                "train --likelihood negative-binomial --batch-size 8 --epochs 1 --threads 1 -q -o run --data "
            try run(line + "counts.csv", in: folder)
            for (data, reason) in [("rows.csv", "other numbers"), ("sprites", "counts 0, 1, 2")] {
                let refused = try Vae.run(line + data + " -o no", in: folder)
                #expect(refused.status == 65 && refused.errors.contains(reason), "\(refused.errors)")
            }
        }
    }

    /// With steps too short to move a weight, the decoder of a run still gives the mean that it began with.
    @Test func aDecoderBeginsAtTheMeanOfTheData() throws {
        let training = "\(Self.images) --network mlp --hidden 16 --latents 2 --learning-rate 1e-12 --epochs 1"
        var far = 0.0
        try withRun(training) { far = try mean("distortion", evaluation("run", in: $0)) }
        try withRun(training + " --mean-start") { folder in
            #expect(try mean("distortion", evaluation("run", in: folder)) < far - 10)
            let wrong = try Vae.run("train \(Self.images) --network conv --mean-start", in: folder)
            #expect(
                wrong.status == 64 && wrong.errors.contains("the network 'mlp' or 'gated'"), "\(wrong.errors)"
            )
            let further = try Vae.run("train --from run --mean-start", in: folder)
            #expect(further.status == 64 && further.errors.contains("'--mean-start'"), "\(further.errors)")
        }
    }

    @Test func aModelOfClassesMakesEachOfThem() throws {
        let training = "\(Self.images) --network mlp --hidden 16 --latents 2 --condition --prior learned"
        try withRun(training) { folder in
            for command in [
                "sample run --count 6", "sample run --class 2", "manifold run --side 3", "traverse run",
            ] {
                try run(command, in: folder)
            }
            #expect(
                try evaluation("run --count 50 --importance-samples 10", in: folder)["examples"] as? Int == 50
            )
            let outcome = try Vae.run("sample run --class 3", in: folder)
            #expect(outcome.errors.contains("the model has classes 0 to 2"), "\(outcome.errors)")
            let other = try Vae.run("sample run --class -1", in: folder)
            #expect(other.status == 64)
        }
    }

    @Test(arguments: ["uniform", "variational"])
    func aDensityOfRealNumbersIsMeasuredInBitsWithNoise(dequantization: String) throws {
        let training =
            "\(Self.images) --network mlp --hidden 16 --latents 2 --likelihood gaussian --dequantization \(dequantization)"
        try withRun(training) { folder in
            let bits = try evaluation("run --count 50", in: folder)["bitsPerDimension"] as? Double
            #expect(try #require(bits) > 0)
        }
    }

    @Test func choicesThatContradictOneAnotherAreRefused() throws {
        let rows: [(String, String)] = [
            ("train --model maf --latents 3", "'--latents' belongs to '--model vae'"),
            ("train --model maf --levels 2", "'--levels' belongs to '--model realnvp'"),
            ("train --model realnvp --binarization dynamic", "dynamic binarization"),
            ("train --model realnvp --levels 9", "'--levels' is 9"),
            ("train --network residual --latents 7", "the pixels of the smallest map"),
            ("train --network mlp --blocks 2", "'--blocks' belongs to '--network residual'"),
            (
                "train --binarization threshold --likelihood gaussian --dequantization uniform",
                "the 256 levels of images"
            ),
            ("train --likelihood categorical --dequantization uniform", "'--dequantization' is uniform"),
            (
                "train --objective beta --gradient stl",
                "'--gradient' is stl; allowed: reparameterized, but for elbo"
            ),
            ("train --gradient dreg --rate analytic", "'--rate' is analytic"),
            ("train --objective iwae --backward-samples 2", "'--backward-samples' is 2; allowed: fewer"),
            (
                "train --objective iwae --samples 5 --backward-samples 2 --binarization none "
                    + "--likelihood gaussian --dequantization uniform",
                "'--backward-samples' is 2; allowed: for a VAE with a prior, without dequantization"
            ),
            (
                "train --objective iwae --samples 5 --backward-samples 2 --binarization none "
                    + "--likelihood gaussian --likelihood-variance optimal",
                "and without an optimal variance"
            ),
            (
                "train --gradient stl --posterior planar",
                "'--gradient' is stl; allowed: for a VAE whose posterior is"
            ),
            ("train --objective dip-i --posterior full", "allowed: for a VAE whose posterior is diagonal"),
            ("train --objective beta --posterior deterministic", "allowed: for a VAE with a prior"),
            ("train --objective miwae --parts 2 --samples 3", "'--parts' is 2; allowed: a divisor"),
            ("train --warm-up-period 3 --warm-up 3", "'--warm-up-period' is 3"),
            ("train --freeze head", "some, but not all, of"),
        ]
        for (line, message) in rows {
            let outcome = try Vae.run(line)
            #expect([64, 65, 78].contains(outcome.status), "\(line): \(outcome.errors)")
            #expect(outcome.errors.contains(message), "\(line): \(outcome.errors)")
        }
    }
}
