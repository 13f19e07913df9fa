import Formats
import Foundation
import Testing

/// Tables are refused by the memory that they would take, of which their bytes are a part.
@Suite struct MemoryLimitTests {
    /// A hundred thousand rows of four fields, 800 kB.
    private static let table = Data(String(repeating: "1,2,3,4\n", count: 100_000).utf8)

    @Test func theLimitIsAQuarterOfTheMachineAtMost() {
        #expect(MemoryLimit.bytes > 0)
        #expect(MemoryLimit.bytes <= Int(ProcessInfo.processInfo.physicalMemory / 4) + 1)
    }

    @Test func fieldsCountAsWhatTheyTake() throws {
        let needed = 400_000 * 10
        #expect(try MemoryLimit.text(of: Self.table, .csv, fieldBytes: 10, limit: needed) == Self.table)
        #expect(throws: FormatError.overMemory(.csv, limit: needed - 1)) {
            try MemoryLimit.text(of: Self.table, .csv, fieldBytes: 10, limit: needed - 1)
        }
    }

    @Test func decompressedTextCountsToo() throws {
        let file = Gzip.deflate(Self.table)
        let needed = 400_000 * 10 + Self.table.count
        #expect(try MemoryLimit.text(of: file, .csv, fieldBytes: 10, limit: needed) == Self.table)
        #expect(throws: FormatError.overMemory(.csv, limit: needed - 1)) {
            try MemoryLimit.text(of: file, .csv, fieldBytes: 10, limit: needed - 1)
        }
    }

    @Test func theErrorNamesLimitAndMend() {
        #expect(
            FormatError.overMemory(.csv, limit: 3 << 29).description
                == "CSV data would take more memory than the limit of 1.5 GiB, a quarter of what this machine has; take "
                + "fewer rows or columns")
    }

    @Test func aFileIsRefusedBeforeAllOfItIsDecompressed() throws {
        // A gigabyte of fields, of which a part is enough to know.
        let rows = Data(String(repeating: "1,2,3,4\n", count: 1 << 17).utf8)
        let member = Gzip.deflate(rows)
        let file = Data((0..<1024).map { _ in member }.joined())
        let clock = ContinuousClock()
        let took = clock.measure {
            #expect(throws: FormatError.overMemory(.csv, limit: 1 << 28)) {
                try MemoryLimit.text(of: file, .csv, fieldBytes: 48, limit: 1 << 28)
            }
        }
        #expect(took < .seconds(5))
    }
}
