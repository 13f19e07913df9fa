import Foundation
import TestSupport
import Testing

/// Runs that several tests use, trained once for all of them and removed at the end.
enum Trained {
    /// A small convolutional model of sprites of 16×16 pixels.
    static let images = make(
        "images",
        """
        train --data sprites --network conv --image-size 16 --channels 8,8 --hidden 32 --latents 4 \
        --batch-size 512 --epochs 1 --validation 1000 --threads 1 --out images
        """)

    /// A model of rows of three numbers.
    static let table = make(
        "table",
        "train --data rows.csv --hidden 8 --latents 2 --batch-size 16 --epochs 3 --threads 1 --out table")

    /// The folder that holds the runs.
    static let folder: URL = {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vae-tests-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try? Data(rows.utf8).write(to: url.appendingPathComponent("rows.csv"))
        atexit { try? FileManager.default.removeItem(at: Trained.folder) }
        return url
    }()

    /// Rows of three numbers that hang together.
    static let rows =
        "a,b,c\n"
        + (0..<200).map { row in
            let x = Double(row % 20) / 10 - 1
            let y = Double(row / 20) / 5 - 1
            return "\(x),\(y),\(x * y)\n"
        }.joined()

    private static func make(_ name: String, _ line: String) -> Result<
        (run: URL, outcome: Vae.Outcome), any Error
    > {
        Result {
            let outcome = try Vae.run(line, in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            return (folder.appendingPathComponent(name), outcome)
        }
    }
}

/// Gives the run of rows another name, `run`, beside its data, so that what is kept there is a test's own.
func withTable(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
        try FileManager.default.copyItem(
            at: Trained.table.get().run, to: folder.appendingPathComponent("run"))
        try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
        try body(folder)
    }
}
