import Formats
import Foundation
import TestSupport
import Testing

/// `vae fit mixture --impute`.
@Suite struct ImputeTests {
    /// A table of text and numbers, some of either missing, in lines.
    private static let lines = [
        "name,a,\"kind, of\",b,note", "x,1,up,2.50,", "y,3,\"a, b\",,NA", "z,,down,6,\"say \"\"so\"\"\"",
        ",2e1,up,1.0,007", "v,-0,down,12,last", "w,NA,up,nan,both",
    ]

    private func fill(_ options: String, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Data((Self.lines.joined(separator: "\n") + "\n").utf8).write(
                to: folder.appendingPathComponent("d.csv"))
            let line = "fit mixture d.csv -k 1 --no-pictures --threads 1 --impute \(options)"
            let outcome = try Vae.run(line, in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            try body(folder)
        }
    }

    private func lines(_ folder: URL) throws -> [Substring] {
        try String(contentsOf: folder.appendingPathComponent("f.csv"), encoding: .utf8).split(separator: "\n")
    }

    @Test func whatIsThereStaysAsItStands() throws {
        try fill("f.csv") { folder in
            let filled = try lines(folder)
            try #require(filled.count == Self.lines.count)
            for row in [0, 1, 4, 5] { #expect(filled[row] == Self.lines[row]) }
            #expect(filled[2].wholeMatch(of: /y,3,"a, b",-?\d+\.\d+,NA/) != nil, "\(filled[2])")
            #expect(filled[3].wholeMatch(of: /z,-?\d+\.\d+,down,6,"say ""so"""/) != nil, "\(filled[3])")
            #expect(filled[6].wholeMatch(of: /w,-?\d+\.\d+,up,-?\d+\.\d+,both/) != nil, "\(filled[6])")
        }
    }

    @Test func columnsThatAreNotFittedStayToo() throws {
        try fill("f.csv --columns b") { folder in
            let filled = try lines(folder)
            for row in [0, 1, 3, 4, 5] { #expect(filled[row] == Self.lines[row]) }
            #expect(filled[2].wholeMatch(of: /y,3,"a, b",\d+\.\d+,NA/) != nil, "\(filled[2])")
            #expect(filled[6].wholeMatch(of: /w,NA,up,\d+\.\d+,both/) != nil, "\(filled[6])")
        }
    }

    @Test func anArrayHasTheNumbers() throws {
        try fill("f.npy") { folder in
            let array = try NPY.read(folder.appendingPathComponent("f.npy"))
            #expect(array.shape == [6, 2])
            let values = array.values(as: Double.self)
            #expect(values.allSatisfy { $0.isFinite })
            #expect([values[0], values[1], values[2], values[5]] == [1, 2.5, 3, 6])
        }
    }
}
