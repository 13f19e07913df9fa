import Formats
import Foundation
import TestSupport
import Testing

/// Tables of the user's from data to samples, and weights from elsewhere.
@Suite struct TableTests {
    @discardableResult
    private func run(_ line: String, in folder: URL) throws -> String {
        let outcome = try Vae.run(line, in: folder)
        try #require(outcome.status == 0, "\(line): \(outcome.errors)")
        return outcome.output
    }

    private func elbo(_ line: String, in folder: URL) throws -> Double {
        let output = try run("evaluate \(line) -k 0 --json --quiet --threads 1", in: folder)
        let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return try #require((json?["elbo"] as? [String: Any])?["mean"] as? Double)
    }

    /// Two columns of very different scale, by a generator of its own: x and 1000 x with noise.
    private static let scales: String = {
        var state: UInt64 = 1
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
        return "bill,mass,sex\n"
            + (0..<300).map { row in
                let x = normal()
                return
                    "\(44 + 5 * x),\(4200 + 800 * (0.8 * x + 0.6 * normal())),\(row % 2 == 0 ? "m" : "f")\n"
            }.joined()
    }()

    @Test func aTableIsLearnedAtItsScaleAndKeepsItsNames() throws {
        try withTemporaryFolder { folder in
            try Data(Self.scales.utf8).write(to: folder.appendingPathComponent("t.csv"))
            try run("train --data t.csv --out r --threads 1 -q", in: folder)
            try run("sample r -n 400 -o s.csv --threads 1", in: folder)
            let table = try CSV.read(folder.appendingPathComponent("s.csv"))
            #expect(table.columns.map(\.name) == ["bill", "mass"])
            let values = try table.matrix().values(as: Double.self)
            for (column, mean, deviation) in [(0, 44.0, 5.0), (1, 4200, 800)] {
                let found = stride(from: column, to: 800, by: 2).map { values[$0] }
                let average = found.reduce(0, +) / 400
                let spread = (found.map { ($0 - average) * ($0 - average) }.reduce(0, +) / 400).squareRoot()
                // Ten standard errors of 400 samples of a model that is not exact.
                #expect(abs(average - mean) < 0.5 * deviation && 0.6...1.4 ~= spread / deviation)
            }
            // One Gaussian of the two columns has −(log 2πe + log 5 · 800 · 0.6) = −10.62 nats.
            #expect(try elbo("r --split training", in: folder) > -10.9)
            // What the program writes it reads.
            try run("train --data s.csv --epochs 1 --out again --threads 1 -q", in: folder)
            try run("encode r -o codes.npy --threads 1", in: folder)
        }
    }

    @Test func weightsFromElsewhereAreTakenOver() throws {
        try withTable { folder in
            let file = try Safetensors.read(
                folder.appendingPathComponent("run/checkpoints/best.safetensors"))
            let model = file.names.filter { $0.hasPrefix("model/") }
            let arrays = try Dictionary(
                uniqueKeysWithValues: model.map { name in
                    let array = try file.tensor(named: name)
                    return (
                        String(name.dropFirst(6)),
                        RawArray(shape: array.shape, values: array.converted(to: Double.self))
                    )
                })
            let url = folder.appendingPathComponent("w.safetensors")
            try Safetensors.write(arrays, to: url)
            let line = """
                train --data rows.csv --hidden 8 --latents 2 --batch-size 16 --epochs 1 --learning-rate 1e-12 \
                --threads 1 -q --init w.safetensors --out
                """
            try run(line + " on", in: folder)
            #expect(abs(try elbo("on", in: folder) - elbo("run", in: folder)) < 1e-4)

            let key = try #require(arrays.keys.sorted().first)
            var lacking = arrays
            lacking[key] = nil
            lacking["fc1.weight"] = arrays[key]
            try Safetensors.write(lacking, to: url)
            expectComplaint(
                try Vae.run(line + " no", in: folder), status: 65,
                saying: ["w.safetensors", key, "fc1.weight"])
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("no").path))
        }
    }

    @Test func theWarmUpOfAPresetEndsBeforeAShortRunDoes() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            try run("train --data rows.csv --epochs 4 --out r --threads 1 -q", in: folder)
            let text = try String(contentsOf: folder.appendingPathComponent("r/config.json"), encoding: .utf8)
            #expect(text.contains("\"warmUpEpochs\" : 3"))
        }
    }
}
