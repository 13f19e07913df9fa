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
        let line = try Self.line(of: record)
        let isNew = try FolderEntry.kind(of: metricsURL) == nil
        // A link is not followed, and a pipe without a reader is not waited for.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let descriptor = uninterrupted { open(metricsURL.path, flags, 0o644) }
        guard descriptor >= 0 else { throw unwritable }
        do {
            // A crash leaves whole lines or a torn last one, which reading skips.
            let sink = FileSink(descriptor: descriptor)
            try sink.write(line)
            try sink.synchronize()
        } catch {
            close(descriptor)
            throw (error as? FormatError).map { FormatError.file(path: metricsURL.path, $0) } ?? error
        }
        guard close(descriptor) == 0 else { throw unwritable }
        if isNew { try AtomicFile.synchronize(folder: url) }
    }

    private var unwritable: FormatError { .file(path: metricsURL.path, .unwritable(code: errno)) }

    /// The records in order; a torn last line is left out.
    ///
    /// - Throws: `FormatError.file` where the file cannot be read; `RunsError.brokenMetrics` for a line before the last
    ///   that is no record.
    public func metrics() throws -> [MetricsRecord] { try metricsLines().map(\.record) }

    /// Forgets the records after a step, which a resumed run will make again; the other lines stay as they are.
    ///
    /// - Throws: As `metrics()`.
    public func forgetMetrics(afterStep step: Int) throws {
        let kept = try metricsLines().filter { $0.record.step <= step }
        guard try FolderEntry.kind(of: metricsURL) != nil else { return }
        try write(Data(kept.map { $0.bytes + [UInt8(ascii: "\n")] }.joined()), to: metricsURL)
    }

    private func metricsLines() throws -> [(record: MetricsRecord, bytes: Data)] {
        guard try FolderEntry.kind(of: metricsURL) != nil else { return [] }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = Self.nonFinite.decoding
        // Split as bytes: a torn line that is no text must not hide the others.
        let lines = try InputFile.contents(of: metricsURL).split(separator: UInt8(ascii: "\n"))
        var found: [(MetricsRecord, Data)] = []
        for (index, line) in lines.enumerated() {
            if let record = try? decoder.decode(MetricsRecord.self, from: line) {
                found.append((record, Data(line)))
            } else if index < lines.count - 1 {
                throw RunsError.brokenMetrics(path: metricsURL.path, line: index + 1)
            }
        }
        return found
    }

    private static func line(of record: MetricsRecord) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = nonFinite.encoding
        return try encoder.encode(record) + Data("\n".utf8)
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
