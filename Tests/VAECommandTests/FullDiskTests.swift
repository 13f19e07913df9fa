import Foundation
import TestSupport
import Testing

@Suite struct FullDiskTests {
    private static let line =
        "train --data rows.csv --hidden 300 --batch-size 16 --epochs 1 --threads 1 --out"

    /// A limit on the length of a file stands for a disk that is full after so much.
    @Test func aWriteThatFailsHalfWayLeavesNothingBehind() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let outcome = try Vae.run(Self.line + " run", in: folder, after: "trap '' XFSZ; ulimit -f 16")
            expectComplaint(outcome, status: 74, saying: ["step-000000012.safetensors", "File too large"])
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run/checkpoints")
            #expect(left.isEmpty)
        }
    }

    @Test(.enabled(if: canMount, "needs the right to mount a small file system"))
    func aFullDiskIsToldAndTheOldCheckpointStays() throws {
        try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            // The first checkpoint fits, the second does not fit beside it.
            let mount = "mkdir disk; mount -t tmpfs -o size=160k none disk"
            let script = """
                \(mount); "$@" && ls disk/run/checkpoints > before; shift $#; \
                set -- \(Vae.executable.path) train --resume disk/run --epochs 2 --threads 1 --quiet
                """
            let outcome = try Vae.run(
                Self.line + " disk/run --quiet", in: folder,
                after:
                    "exec unshare -rm /bin/sh -c '\(script); \"$@\"; status=$?; ls disk/run/checkpoints > after; "
                    + "exit $status' sh \"$@\"")
            #expect(outcome.status == 74, "\(outcome.errors)")
            #expect(outcome.errors.contains("No space left on device; free some space"))
            let names = try ["before", "after"].map {
                try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
            }
            #expect(names[0] == names[1] && names[0].contains("latest.safetensors"))
        }
    }

    /// Whether a namespace of our own may mount a file system in memory.
    private static let canMount: Bool = {
        let probe = Process()
        probe.executableURL = URL(filePath: "/bin/sh")
        probe.arguments = ["-c", "unshare -rm mount -t tmpfs none /mnt 2>/dev/null"]
        try? probe.run()
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()
}
