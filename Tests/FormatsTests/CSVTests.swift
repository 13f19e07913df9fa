import Formats
import Foundation
import Testing

@Suite struct CSVTests {
    static func table(_ text: String, header: CSV.Header = .detected) throws -> CSVTable {
        try CSV.decode(Data(text.utf8), header: header)
    }

    @Test func numbersAndTextAreToldApart() throws {
        let table = try Self.table("size, name ,ok\n1.5,ann,1\n-2e3,\"b, \"\"c\"\"\",0\n")
        #expect(table.columns.map(\.name) == ["size", "name", "ok"])
        #expect(table.numericNames == ["size", "ok"])
        #expect(table.columns[0].content == .numbers([1.5, -2000]))
        #expect(table.columns[1].content == .text(["ann", "b, \"c\""]))
        #expect(try table.matrix() == RawArray(shape: [2, 2], values: [1.5, 1, -2000, 0] as [Double]))
        #expect(try table.matrix(["ok"]) == RawArray(shape: [2, 1], values: [1, 0] as [Double]))
    }

    @Test func missingFieldsAreNaNAmongNumbersAndStayAmongText() throws {
        let table = try Self.table("a,b\n,\nNA,x\n3,\nnan,y\n")
        let values = try table.matrix().values(as: Double.self)
        #expect(values.map(\.isNaN) == [true, true, false, true])
        #expect(table.columns[1].content == .text(["", "x", "", "y"]))
        #expect(table.columns.map(\.content.texts) == [["", "", "3", ""], ["", "x", "", "y"]])
        #expect(table.rowCount == 4)
    }

    @Test(arguments: [
        "1,2\r\n3,4\r\n", "1,2\n3,4", "\u{FEFF}1,2\n\n3,4\n\n", "\"1\",\" 2\"\n3 ,4", "1,2\r\n3,4\r",
    ])
    func lineEndsMarksAndBlankLinesDoNotMatter(text: String) throws {
        #expect(try Self.table(text).matrix().values(as: Double.self) == [1, 2, 3, 4])
        #expect(try CSV.decode(Gzip.deflate(Data(text.utf8))).numericNames == ["column 1", "column 2"])
    }

    @Test func headersAreDetectedOrStated() throws {
        #expect(try Self.table("a,b\n1,x").numericNames == ["a"])
        #expect(try Self.table("1,b\n1,x").numericNames == ["column 1"])
        #expect(try Self.table("1,2\n3,4", header: .present).numericNames == ["1", "2"])
        #expect(try Self.table("a\nb", header: .absent).columns[0].content == .text(["a", "b"]))
    }

    @Test("All columns can be read as text, and text is written so that it reads the same")
    func textStaysAsItStands() throws {
        let rows = [["01", "1.50", "a,b"], ["", "NA", "say \"x\""], ["x", "-0", ""]]
        let table = try CSV.decode(
            CSV.encode(names: ["a", "b", "c"], texts: rows), header: .present, allText: true)
        #expect(table.columns.map(\.content) == (0..<3).map { column in .text(rows.map { $0[column] }) })
        #expect(table.numericNames.isEmpty)
    }

    @Test func decodeInvertsEncode() throws {
        let rows = [[1, .nan, -0.1], [.infinity, 1e-300, 123_456_789_012_345_680]]
        let table = try CSV.decode(CSV.encode(names: ["x", "a \"b\", c", "line\nend"], rows: rows))
        #expect(table.numericNames == ["x", "a \"b\", c", "line\nend"])
        let values = try table.matrix().values(as: Double.self)
        for (found, expected) in zip(values, rows.joined()) {
            #expect(found == expected || (found.isNaN && expected.isNaN))
        }
        #expect(values.count == 6)
    }

    @Test(arguments: [
        "0", "-0", "7", "+7", "0.1", ".28", "5.", "1e5", "1E-5", "3.14159265358979", "123456789012345",
        "1234567890123456789", "0.000000000000001", "0.1234567890123456789", "2.2250738585072014e-308",
        "1.7976931348623157e308", "-9007199254740993",
    ])
    func numbersAreRoundedCorrectly(text: String) throws {
        let padded = text.hasSuffix(".") ? text + "0" : text
        let value = try Self.table(text, header: .absent).matrix().values(as: Double.self)[0]
        #expect(value.bitPattern == Double(padded)?.bitPattern)
    }

    @Test(arguments: [
        ("", "it has no rows"), ("\n\n", "it has no rows"), ("a,b\n", "it has no rows"),
        ("a,b\n1,2\n3\n", "row 3 has 1 fields, the rows before it have 2"),
        ("a,b\n1,2\n\n3,4,5\n", "row 4 has 3 fields"),
        ("a\n1\nx\n", "row 3, column 1: \"x\" is not a number"),
        ("a\n1\n0x10\n", "\"0x10\" is not a number"), ("a\n1\n1.2.3\n", "\"1.2.3\" is not a number"),
        ("a,b\n1,\"x\n", "a quote opened in row 2 is never closed"),
        ("a\n\"x\"y\n", "text follows a closing quote"),
        ("a,a\n1,2\n", "two columns are named \"a\""), ("a\n1\n\u{1}\u{7}\n", "\"\\u{01}\\u{07}\""),
    ])
    func malformedTextIsRefused(text: String, message: String) throws {
        let error = #expect(throws: FormatError.self) { try Self.table(text) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test func unknownColumnsAreNamedWithTheKnown() throws {
        let table = try Self.table("a,b,c\n1,x,2\n")
        #expect(throws: FormatError.unknownColumn(name: "b", known: ["a", "c"])) { try table.matrix(["b"]) }
        let none = #expect(throws: FormatError.noNumbers(columns: ["a", "b"])) {
            try Self.table("a,b\nx,y\n").matrix(["a"])
        }
        #expect(none?.description == "no column of numbers, only text: a, b; give a table of numbers")
    }
}
