import Foundation
import TestSupport
import Testing

@Suite struct FullDiskTests {
    private static let line =
        "train --data rows.csv --hidden 300 --batch-size 20 --epochs 1 --threads 1 --quiet --out"

    /// A limit on the length of a file stands for a disk that is full after so much.
    @Test func aWriteThatFailsHalfWayLeavesNothingBehind() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let outcome = try Vae.shell(
                "trap '' XFSZ; ulimit -f 16; exec \"$VAE\" \(Self.line) run", in: folder)
            expectComplaint(outcome, status: 74, saying: ["step-000000000.safetensors", "File too large"])
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run/checkpoints")
            #expect(left.isEmpty)
        }
    }

    @Test(.enabled(if: canMount, "needs the right to mount a file system"))
    func aFullDiskIsToldAndTheOldCheckpointsStay() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let script = """
                mkdir disk
                mount -t tmpfs -o size=4m none disk
                "$VAE" \(Self.line) disk/run
                dd if=/dev/zero of=disk/rest bs=64k 2> dd.log
                sha256sum disk/run/checkpoints/* > before
                "$VAE" train --resume disk/run --epochs 2 --threads 1 --quiet
                status=$?
                sha256sum disk/run/checkpoints/* > after
                exit $status
                """
            try Data(script.utf8).write(to: folder.appendingPathComponent("script"))
            let outcome = try Vae.shell("exec unshare -rm sh script", in: folder)
            #expect(outcome.status == 74, "\(outcome.errors)")
            #expect(outcome.complaint.contains("No space left on device; free some space"))
            let sums = try ["before", "after"].map {
                try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
            }
            #expect(sums[0] == sums[1] && sums[0].contains("latest.safetensors"))
        }
    }

    /// Whether a namespace of our own may mount a file system in memory.
    private static let canMount =
        (try? Vae.shell("unshare -rm mount -t tmpfs none /mnt", in: FileManager.default.temporaryDirectory))?
        .status == 0
}
