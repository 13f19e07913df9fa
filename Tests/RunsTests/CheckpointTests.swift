import Formats
import Foundation
import Runs
import Tensors
import TestSupport
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    /// Bit patterns that a conversion would change: NaN payloads, −0, subnormals, the extremes.
    static func bits(_ dtype: DType, count: Int) -> [UInt8] {
        let bytes = (0..<count * dtype.byteWidth).map { UInt8(truncatingIfNeeded: $0 * 151 + 113) }
        return dtype == .bool ? bytes.map { $0 & 1 } : bytes
    }

    static func tensor(_ dtype: DType, _ shape: [Int]) -> Tensor {
        bits(dtype, count: shape.reduce(1, *)).withUnsafeBytes {
            Tensor(bytes: $0, shape: shape, dtype: dtype)
        }
    }

    static func bytes(_ tensor: Tensor) -> [UInt8] { tensor.withBytes { [UInt8]($0) } }

    static var sample: Checkpoint {
        var checkpoint = Checkpoint(metadata: ["progress": "{\"step\": 3}", "ü": "line\nline"])
        checkpoint.add(
            "model",
            DType.allCases.flatMap { dtype in
                [
                    ("\(dtype)", tensor(dtype, [3, 5])), ("\(dtype).scalar", tensor(dtype, [])),
                    ("\(dtype).empty", tensor(dtype, [2, 0])),
                ]
            })
        checkpoint.add("optimizer", [("model", tensor(.float32, [2]))])
        return checkpoint
    }

    @Test("Every type and shape comes back bit for bit, and so does the text")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let written = Self.sample
            try written.write(to: url)
            let read = try Checkpoint(readingFrom: url)
            for (key, value) in written.metadata { #expect(read.metadata[key] == value) }
            #expect(read.tensors.count == written.tensors.count)
            for name in ["model", "optimizer"] {
                let expected = written.section(name)
                let found = read.section(name)
                #expect(found.keys.sorted() == expected.keys.sorted())
                for (key, tensor) in expected {
                    let twin = try #require(found[key])
                    #expect(twin.shape == tensor.shape && twin.dtype == tensor.dtype, "\(key)")
                    #expect(Self.bytes(twin) == Self.bytes(tensor), "\(key)")
                }
            }
        }
    }

    @Test("A section is its own tensors only, even where names resemble")
    func sections() {
        var checkpoint = Checkpoint()
        checkpoint.add("model", [("a/b", Tensor(1)), ("c", Tensor(2))])
        checkpoint.add("model2", [("c", Tensor(3))])
        #expect(checkpoint.section("model").mapValues { $0.scalar() } == ["a/b": 1, "c": 2])
        #expect(checkpoint.section("mode").isEmpty)
    }

    @Test("A tensor that is a view is written as its elements")
    func views() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let whole = Tensor.range(to: 24, dtype: .float64).reshaped([4, 6])
            let views = [whole.transposed(), whole[.all, .slice(start: 1, end: 6, step: 2)], whole[2]]
            let entries = views.enumerated().map { ("\($0)", $1) }
            var checkpoint = Checkpoint()
            checkpoint.add("views", entries)
            try checkpoint.write(to: url)
            let read = try Checkpoint(readingFrom: url).section("views")
            for (key, view) in entries { expectClose(try #require(read[key]), view) }
        }
    }

    @Test("A flipped bit in any tensor byte is detected, and the file is named")
    func corruption() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            try Self.sample.write(to: url)
            let good = try Data(contentsOf: url)
            let header = 8 + Int(good.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
            #expect(good.count - header > 300)
            for place in header..<good.count {
                var bad = good
                bad[place] ^= 1 << UInt8(place % 8)
                try bad.write(to: url)
                let error = #expect(throws: FormatError.self) { try Checkpoint(readingFrom: url) }
                guard case .file(url.path, .checksumMismatch) = error else {
                    Issue.record("byte \(place): \(error as Any)")
                    return
                }
            }
        }
    }

    @Test("A checkpoint cut short anywhere is refused")
    func truncation() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            try Self.sample.write(to: url)
            let good = try Data(contentsOf: url)
            for length in stride(from: 0, to: good.count, by: 7) {
                try good.prefix(length).write(to: url)
                #expect(throws: (any Error).self, "\(length) bytes") { try Checkpoint(readingFrom: url) }
            }
        }
    }

    @Test(
        "Safetensors of others and of later versions are refused with the reason",
        arguments: [
            ([:], "the safetensors metadata lack 'swift-vae.checkpoint'"),
            (["format": "pt"], "the safetensors metadata lack 'swift-vae.checkpoint'"),
            (["swift-vae.checkpoint": "1"], "its format version is 1, this program reads 2"),
        ] as [([String: String], String)])
    func foreign(_ row: (metadata: [String: String], reason: String)) throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let array = RawArray(shape: [1], scalarType: .f32, data: Data(count: 4))
            try Safetensors.write(["a": array], metadata: row.metadata, checksumKey: "sha256", to: url)
            #expect(throws: RunsError.notACheckpoint(path: url.path, reason: row.reason)) {
                try Checkpoint(readingFrom: url)
            }
        }
    }

    @Test("A checkpoint without its checksum, or with a type that we do not have, is refused")
    func incomplete() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let ours = ["swift-vae.checkpoint": "2"]
            let float = RawArray(shape: [1], scalarType: .f32, data: Data(count: 4))
            try Safetensors.write(["a": float], metadata: ours, to: url)
            #expect(throws: FormatError.file(path: url.path, .checksumMissing(key: "sha256"))) {
                try Checkpoint(readingFrom: url)
            }
            let short = RawArray(shape: [1], scalarType: .i16, data: Data(count: 2))
            try Safetensors.write(["a": short], metadata: ours, checksumKey: "sha256", to: url)
            #expect(throws: RunsError.notACheckpoint(path: url.path, reason: "'a' is of type i16")) {
                try Checkpoint(readingFrom: url)
            }
        }
    }
}
