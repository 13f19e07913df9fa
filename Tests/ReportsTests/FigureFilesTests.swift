import Figures
import Formats
import Foundation
import Reports
import Runs
import TestSupport
import Testing

@Suite("A report's figures as files")
struct FigureFilesTests {
    private func page(_ value: Double, names: [String]) -> ReportPage {
        var section = ReportPage.Section("x")
        for name in names {
            let chart = BarChart(xAxis: Axis("x"), yAxis: Axis("y"), values: [value])
            section.add(ReportPage.Figure(chart, name: name, caption: "x"))
        }
        var page = ReportPage(title: "x")
        page.add(section)
        return page
    }

    private func withRun(_ body: (RunFolder, (String) throws -> String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let run = try RunFolder(
                creating: folder.appendingPathComponent("run"), configuration: ["seed": 1])
            try body(run) { name in
                try String(contentsOf: run.figuresURL.appendingPathComponent(name), encoding: .utf8)
            }
        }
    }

    @Test("A report replaces its own files")
    func own() throws {
        try withRun { run, text in
            for value in [1.0, 2] {
                let page = page(value, names: ["a", "b"])
                try page.write(to: run)
                #expect(
                    try text("a.svg") == page.figures[0].file.map { String(decoding: $0.data, as: UTF8.self) }
                )
                #expect(try String(contentsOf: run.reportURL, encoding: .utf8) == page.html())
            }
            #expect(try FolderEntry.names(in: run.figuresURL).sorted() == ["a.svg", "b.svg", "report.json"])
        }
    }

    @Test("A picture of the user's stays, and the figure goes beside it")
    func foreign() throws {
        try withRun { run, text in
            try page(1, names: ["a", "b"]).write(to: run)
            let mine = run.figuresURL.appendingPathComponent("a.svg")
            try Data("mine".utf8).write(to: mine)
            for value in [2.0, 3] {
                let page = page(value, names: ["a", "b"])
                try page.write(to: run)
                let drawn = page.figures[0].file.map { String(decoding: $0.data, as: UTF8.self) }
                #expect(try text("a.svg") == "mine")
                #expect(try text("report-a.svg") == drawn && text("b.svg") == drawn)
            }
            // Where that name is taken too, the page alone has the figure.
            try Data("mine as well".utf8).write(to: run.figuresURL.appendingPathComponent("report-a.svg"))
            try page(4, names: ["a"]).write(to: run)
            #expect(try text("a.svg") == "mine" && text("report-a.svg") == "mine as well")
            // And once the user has taken it away, the name is free again.
            try FileManager.default.removeItem(at: mine)
            try page(4, names: ["a"]).write(to: run)
            #expect(try text("a.svg").hasPrefix("<svg"))
        }
    }

    @Test(
        "A link of the user's is neither followed nor replaced, nor is what was there before the first report"
    )
    func links() throws {
        try withRun { run, text in
            let other = run.url.appendingPathComponent("other.svg")
            try Data("mine".utf8).write(to: other)
            let link = run.figuresURL.appendingPathComponent("a.svg")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: other)
            try Data("mine".utf8).write(to: run.figuresURL.appendingPathComponent("b.svg"))
            try page(1, names: ["a", "b"]).write(to: run)
            #expect(try text("a.svg") == "mine" && text("b.svg") == "mine")
            #expect(try text("report-a.svg") == text("report-b.svg"))
            guard case .link? = try FolderEntry.kind(of: link) else {
                Issue.record("the link is gone")
                return
            }
        }
    }
}

@Suite("Standard errors as text")
struct ErrorTextTests {
    @Test(
        "An error has as many decimals as it takes to show that it is not zero",
        arguments: [
            (0.25, "0.250"), (0.0005, "0.001"), (0.00049, "0.0005"), (0.000034, "0.00003"), (0, "0.000"),
            (2e-9, "2e-09"), (.infinity, "inf"), (12, "12.000"),
        ] as [(Double, String)])
    func digits(value: Double, text: String) {
        #expect(errorText(value, digits: 3) == text)
    }

    @Test("A split is called what it is")
    func splits() {
        #expect(phrase(ofSplit: "test") == "the test split")
        #expect(phrase(ofSplit: "first 2000 of test") == "the test split")
        #expect(phrase(ofSplit: wholeDataName) == "the data")
    }
}
