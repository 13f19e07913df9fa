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

    @Test(
        "A header is told from a row by the rows below",
        arguments: [
            // Years, and the numbers that pandas gives to columns without names, above fractions.
            ("country,1990,1991\nC0,1.5,2.25\nC1,3.5,4.5\n", true), (",0,1\n0,0.5,0.25\n1,1.5,2.5\n", true),
            ("0,1,2\n0.5,0.25,1.5\n2.5,3.25,4.5\n", true), ("id,2001,2002\na,7,8\nb,9,3\n", true),
            ("0,1,2,3,4,5,6,7\n9,3,0,1,2,8,8,1\n", true),
            // Text above numbers.
            ("a,5\n1,2\n", true), ("?,b\n1,2\n", true),
            // Rows like the others.
            ("1,2,3\n4,5,6\n", false), ("ann,1,2\nbob,3,4\n", false), ("0,1\n2,3\n", false),
            ("ann,1990,1991\nbob,1985,1999\n", false), ("0.5,1,2\n0.1,0.2,0.3\n", false),
            ("1,2\n0.5,\n0.25,7\n", false), ("?,1\n2,3\n", false),
        ])
    func detectedHeaders(text: String, isHeader: Bool) throws {
        let rows = text.split(separator: "\n").count
        #expect(try Self.table(text).rowCount == rows - (isHeader ? 1 : 0))
        #expect(try Self.table(text, header: .present).rowCount == rows - 1)
        #expect(try Self.table(text, header: .absent).rowCount == rows)
    }

    @Test("A header that holds numbers is pointed out")
    func headerNote() throws {
        let notes = try Self.table("country,1990,1991\nC0,1.5,2.25\n").notes
        #expect(
            notes.count == 1 && notes[0].contains("taken for the names of columns")
                && notes[0].contains("1990"))
        #expect(try Self.table("a,b\n1,2\n").notes == [])
    }

    @Test("All rows of a column say whether it is text; the first that is none is named")
    func mixedColumns() throws {
        let table = try Self.table("a,b\n1,2\n2,x\n3,7\n")
        #expect(table.columns[1].content == .text(["2", "x", "7"]))
        #expect(table.notes == ["column \"b\" is text, as row 3 has \"x\""])
    }

    @Test(
        "The usual marks of missing values are known",
        arguments: ["", "?", "NA", "n/a", "null", "None", "-", "#N/A", "NaN", "<NA>"])
    func missingMarks(mark: String) throws {
        let values = try Self.table("a,b\n1,\(mark)\n2,3\n").matrix().values(as: Double.self)
        #expect(values[1].isNaN && values[3] == 3)
        let text = try Self.table("a,b\n1,\(mark)\n2,x\n")
        #expect(text.columns[1].content == .text([mark, "x"]) && text.notes == [])
    }

    @Test(
        "Semicolons, tabs and runs of spaces separate as well",
        arguments: [
            "a;b\n1,5;2\n3;4,25\n", "a\tb\n1.5\t2\n3\t4.25\n", "a b\n1.5   2\n 3\t4.25\n",
            "\"a\";\"b\"\n1.5;2\n3;4.25\n",
        ])
    func separators(text: String) throws {
        let table = try Self.table(text)
        #expect(table.numericNames == ["a", "b"])
        #expect(try table.matrix().values(as: Double.self) == [1.5, 2, 3, 4.25])
    }

    @Test("Commas stay where semicolons or spaces stand in texts")
    func commas() throws {
        let table = try Self.table("who,x\n\"a; b\",1\nJohn Smith,2\n")
        #expect(table.numericNames == ["x"] && table.rowCount == 2)
    }

    @Test("Columns without a name are counted")
    func unnamed() throws {
        #expect(try Self.table(",a,\n1,2,3\n").columns.map(\.name) == ["column 1", "a", "column 3"])
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
        ("a,b\n1,\"x\n", "a quote opened in row 2 is never closed"),
        ("a\n\"x\"y\n", "text follows a closing quote"),
        ("a,a\n1,2\n", "two columns are named \"a\""),
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
