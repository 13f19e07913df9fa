import Formats
import Foundation
import Runs
import TestSupport
import Testing

@Suite("Metrics")
struct MetricsTests {
    static func record(_ step: Int, _ values: [String: Double] = ["elbo": -1.5]) -> MetricsRecord {
        MetricsRecord(
            step: step, epoch: Double(step) / 4, split: "train", seconds: 0.1 * Double(step), values: values)
    }

    static let records = (1...5).map { record($0) }

    func append(_ text: String, to run: RunFolder) throws {
        let handle = try FileHandle(forWritingTo: run.metricsURL)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    @Test("A run without metrics has none; what is added is read in order, one line each")
    func roundTrip() throws {
        try withRun { run in
            #expect(try run.metrics().isEmpty)
            for record in Self.records { try run.append(record) }
            #expect(try run.metrics() == Self.records)
            let text = try String(contentsOf: run.metricsURL, encoding: .utf8)
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 6)
            #expect(text.hasSuffix("}\n"))
        }
    }

    @Test("Numbers come back exactly, and what JSON cannot say does too")
    func numbers() throws {
        try withRun { run in
            let values = [
                "third": 1.0 / 3, "tiny": .leastNonzeroMagnitude, "huge": -1.7976931348623157e308,
                "up": .infinity,
                "down": -.infinity,
            ]
            try run.append(Self.record(1, values))
            try run.append(Self.record(2, ["elbo": .nan]))
            #expect(try run.metrics()[0].values == values)
            #expect(try run.metrics()[1].values["elbo"]?.isNaN == true)
            // Every line is JSON to other programs, too.
            for line in try String(contentsOf: run.metricsURL, encoding: .utf8).split(separator: "\n") {
                _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
            }
        }
    }

    @Test(
        "A torn last line is left out, wherever it was torn",
        arguments: ["{", "{\"epoch\":1.25,\"split\":\"tra", "{\"split\":\"t\u{00e9}"])
    func torn(_ rest: String) throws {
        try withRun { run in
            for record in Self.records { try run.append(record) }
            try append(rest, to: run)
            #expect(try run.metrics() == Self.records)
            // Going on begins with forgetting, after which no line is lost to the torn one.
            try run.forgetMetrics(afterStep: 5)
            try run.append(Self.record(6))
            #expect(try run.metrics() == Self.records + [Self.record(6)])
        }
    }

    @Test("Bytes that are no text cost their line only")
    func garbage() throws {
        try withRun { run in
            for record in Self.records { try run.append(record) }
            let handle = try FileHandle(forWritingTo: run.metricsURL)
            try handle.seekToEnd()
            try handle.write(contentsOf: Data([0xC3, 0, 0, 0xFF]))
            try handle.close()
            #expect(try run.metrics() == Self.records)
            try run.forgetMetrics(afterStep: 4)
            #expect(try run.metrics() == Array(Self.records.prefix(4)))
        }
    }

    @Test("Forgetting keeps the records up to a step, exactly", arguments: [0, 1, 3, 5, 9])
    func forgetting(after step: Int) throws {
        try withRun { run in
            for record in Self.records { try run.append(record) }
            try run.forgetMetrics(afterStep: step)
            #expect(try run.metrics() == Array(Self.records.prefix(step)))
            try run.append(Self.record(step + 1))
            #expect(try run.metrics().last == Self.record(step + 1))
        }
    }

    /// A limit on the length of a file stands for a disk that is full after so much.
    @Test("A full disk is named")
    func fullDisk() async {
        await #expect(processExitsWith: .success) {
            try withRun { run in
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit(rlim_cur: 10, rlim_max: 10)
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                #expect(throws: FormatError.file(path: run.metricsURL.path, .unwritable(code: EFBIG))) {
                    try run.append(Self.record(1))
                }
            }
        }
    }

    @Test("A link or a pipe in the place of the metrics is told, not followed or waited for")
    func links() throws {
        try withRun { run in
            let other = run.url.appendingPathComponent("other")
            try Data("kept".utf8).write(to: other)
            try FileManager.default.createSymbolicLink(
                atPath: run.metricsURL.path, withDestinationPath: other.path)
            #expect(throws: FormatError.file(path: run.metricsURL.path, .unwritable(code: ELOOP))) {
                try run.append(Self.record(1))
            }
            #expect(try Data(contentsOf: other) == Data("kept".utf8))
            unlink(run.metricsURL.path)
            mkfifo(run.metricsURL.path, 0o600)
            #expect(throws: FormatError.file(path: run.metricsURL.path, .unwritable(code: ENXIO))) {
                try run.append(Self.record(1))
            }
        }
    }

    @Test("A line in the middle that is no record is named, and the file stays as it is")
    func brokenLine() throws {
        try withRun { run in
            for record in Self.records { try run.append(record) }
            try append("{}\n", to: run)
            try run.append(Self.record(6))
            let before = try Data(contentsOf: run.metricsURL)
            let error = RunsError.brokenMetrics(path: run.metricsURL.path, line: 6)
            #expect(throws: error) { try run.metrics() }
            #expect(throws: error) { try run.forgetMetrics(afterStep: 3) }
            #expect(try Data(contentsOf: run.metricsURL) == before)
        }
    }
}
