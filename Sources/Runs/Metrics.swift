import Formats
import Foundation

/// One line of `metrics.jsonl`: where in the run, which split, and named numbers.
public struct MetricsRecord: Codable, Sendable, Equatable {
    /// Optimiser steps taken so far.
    public var step: Int
    /// Epochs finished, as a fraction inside one.
    public var epoch: Double
    /// `train`, `validation` or `test`.
    public var split: String
    /// Seconds of training since the run began, over all its sittings.
    public var seconds: Double
    /// Numbers by name, in nats per example unless the name says otherwise.
    public var values: [String: Double]

    /// A record.
    public init(step: Int, epoch: Double, split: String, seconds: Double, values: [String: Double]) {
        self.step = step
        self.epoch = epoch
        self.split = split
        self.seconds = seconds
        self.values = values
    }
}

extension RunFolder {
    /// Adds a line, on disk when the call returns.
    ///
    /// - Throws: `FormatError.file` when it cannot be written.
    public func append(_ record: MetricsRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = Self.nonFinite.encoding
        let line = try encoder.encode(record) + Data("\n".utf8)
        let descriptor = open(metricsURL.path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
        guard descriptor >= 0 else { throw FormatError.file(path: metricsURL.path, .unwritable(code: errno)) }
        defer { close(descriptor) }
        // One write of one line: a crash leaves a whole line or a torn last one, which reading skips.
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == line.count, fsync(descriptor) == 0 else {
            throw FormatError.file(path: metricsURL.path, .unwritable(code: errno))
        }
    }

    /// The records in order; a torn last line is left out.
    public func metrics() -> [MetricsRecord] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = Self.nonFinite.decoding
        // Split as bytes: a torn line that is no text must not hide the others.
        guard let lines = try? Data(contentsOf: metricsURL).split(separator: UInt8(ascii: "\n")) else {
            return []
        }
        return lines.compactMap { try? decoder.decode(MetricsRecord.self, from: $0) }
    }

    /// Forgets the records after a step, which a resumed run will make again.
    ///
    /// - Throws: `FormatError.file`.
    public func forgetMetrics(afterStep step: Int) throws {
        let kept = metrics().filter { $0.step <= step }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = Self.nonFinite.encoding
        let lines = try kept.map { try String(decoding: encoder.encode($0), as: UTF8.self) + "\n" }
        try AtomicFile.write(lines.joined(), to: metricsURL)
    }

    /// JSON has no NaN: the three values are spelled as text.
    private static var nonFinite:
        (
            encoding: JSONEncoder.NonConformingFloatEncodingStrategy,
            decoding: JSONDecoder.NonConformingFloatDecodingStrategy
        )
    {
        (
            .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan"),
            .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        )
    }
}
