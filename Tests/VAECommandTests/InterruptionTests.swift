import Formats
import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
    private static let line = """
        train --data rows.csv --hidden 64,64 --latents 2 --batch-size 4 --epochs 20 --average-decay 0.9 \
        --gradient-limit 5 --schedule cosine --optimizer adamw --seed 3 --threads 1 --out
        """

    /// Starts a run, interrupts it once an epoch is done, and returns how it ended.
    private func interrupted(_ folder: URL, by signal: Int32) throws -> Vae.Outcome {
        // Every row twice: equal examples must keep their places, which key their noise.
        let rows = Trained.rows + Trained.rows.drop { $0 != "\n" }.dropFirst()
        try Data(rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
        let running = try Vae.start(Self.line + " run", in: folder)
        let metrics = folder.appendingPathComponent("run/metrics.jsonl").path
        while running.isRunning, !FileManager.default.fileExists(atPath: metrics) { usleep(1000) }
        running.send(signal)
        return try running.outcome()
    }

    @Test func aRunThatIsInterruptedAndResumedEqualsOneThatWasNot() throws {
        try withTemporaryFolder { folder in
            let stopped = try interrupted(folder, by: SIGINT)
            #expect(stopped.status == 130, "\(stopped.errors)")
            #expect(stopped.complaint.contains("go on with: vae train --resume run"))
            let resumed = try Vae.run("train --resume run --threads 1", in: folder)
            #expect(resumed.status == 0, "\(resumed.errors)")
            let whole = try Vae.run(Self.line + " whole", in: folder)
            #expect(whole.status == 0, "\(whole.errors)")
            for name in ["best", "latest"] {
                let files = try ["run", "whole"].map {
                    try Safetensors.read(
                        folder.appendingPathComponent("\($0)/checkpoints/\(name).safetensors"))
                }
                #expect(files[0].names == files[1].names)
                for tensor in files[0].names {
                    #expect(files[0][tensor] == files[1][tensor], "\(name): \(tensor)")
                }
            }
            let histories = try ["run", "whole"].map { try history(folder.appendingPathComponent($0)) }
            #expect(histories[0] == histories[1])
        }
    }

    @Test func terminationIsAsPolite() throws {
        try withTemporaryFolder { folder in
            let stopped = try interrupted(folder, by: SIGTERM)
            #expect(stopped.status == 143, "\(stopped.errors)")
            let saved = folder.appendingPathComponent("run/checkpoints/latest.safetensors")
            #expect(try !Safetensors.read(saved).names.isEmpty)
        }
    }

    /// The numbers of each epoch, without the time that they took.
    private func history(_ run: URL) throws -> [[String: Double]] {
        let text = try String(contentsOf: run.appendingPathComponent("metrics.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(json?["values"] as? [String: Double])
        }
    }
}
