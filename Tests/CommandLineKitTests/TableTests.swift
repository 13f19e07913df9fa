import CommandLineKit
import Testing

@Suite struct TableTests {
    @Test func columnsAreAlignedAndLinesEndWithoutSpaces() {
        var table = Table([("set", .left), ("images", .right), ("shape", .left)])
        table.append(["mnist", "70000", "1×28×28"])
        table.append(["sprites", "18432", ""])
        #expect(
            table.text == """
                set      images  shape
                -------  ------  -------
                mnist     70000  1×28×28
                sprites   18432

                """)
    }

    @Test func aTableWithoutRowsIsItsHeading() {
        #expect(Table([("name", .left)]).text == "name\n----\n")
    }
}
