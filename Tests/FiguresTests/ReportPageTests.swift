import Figures
import Formats
import Foundation
import FoundationXML
import Testing

@Suite struct ReportPageTests {
    static let image = ImageBuffer(width: 3, height: 2, channels: 1, pixels: [0, 50, 100, 150, 200, 250])
    static let chart = LineChart(
        xAxis: Axis("epoch"), yAxis: Axis("bound"), series: [.init("train", x: [1, 2], y: [-110, -100])])

    /// A page with every kind of content, all text being the one given.
    static func page(saying text: String) -> ReportPage {
        var section = ReportPage.Section(text)
        section.add(paragraph: text)
        section.add(ReportPage.Figure(image, enlargement: 4, caption: text))
        section.add(sideBySide: [.init(chart, caption: text), .init(image, caption: text)])
        section.add(
            ReportPage.Table(columns: [.text(text), .number(text)], rows: [[text, text]], caption: text))
        section.add(command: text)
        var page = ReportPage(title: text, subtitle: text, footer: text)
        page.add(ReportPage.KeyFigure(text, value: text, unit: text, note: text))
        page.add(section)
        return page
    }

    @Test("A page is well-formed and shows all its text as text, whatever that holds")
    func textIsEscaped() throws {
        let hostile = "</style><script>alert(1)</script><img src=x onerror='y'/>&amp;\""
        let document = try XMLDocument(xmlString: Self.page(saying: hostile).html(), options: [])
        #expect(try document.nodes(forXPath: "//script").isEmpty)
        let places = [
            "//title", "//h1", "//h2", "//header/p", "//section/p", "//dt", "//th", "//td", "//code",
        ]
        for place in places + ["//footer", "//dd[@class='note']", "//span[@class='unit']"] {
            let nodes = try document.nodes(forXPath: place)
            #expect(!nodes.isEmpty && nodes.allSatisfy { $0.stringValue == hostile }, "\(place)")
        }
        let captions = try document.nodes(forXPath: "//figcaption | //caption").compactMap(\.stringValue)
        #expect(captions == (1...3).map { "Figure \($0). \(hostile)" } + ["Table 1. \(hostile)"])
    }

    @Test("A page without content is a page")
    func emptyPage() throws {
        let document = try XMLDocument(xmlString: ReportPage(title: "Nothing yet").html(), options: [])
        #expect(try document.nodes(forXPath: "//dl | //section | //footer").isEmpty)
    }

    @Test("Pictures travel inside the page and come out as they went in")
    func picturesInside() throws {
        let document = try XMLDocument(xmlString: Self.page(saying: "x").html(), options: [])
        let sources = try document.nodes(forXPath: "//img/@src").compactMap(\.stringValue)
        let prefix = "data:image/png;base64,"
        #expect(sources.count == 2)
        for source in sources {
            #expect(source.hasPrefix(prefix))
            let bytes = try #require(Data(base64Encoded: String(source.dropFirst(prefix.count))))
            #expect(try PNG.decode(bytes) == Self.image)
        }
        #expect(try document.nodes(forXPath: "//img/@width").compactMap(\.stringValue) == ["12", "3"])
    }

    @Test("A page refers to nothing outside itself and runs nothing")
    func selfContained() {
        let html = Self.page(saying: "x").html()
            .replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        for reference in ["http:", "https:", "url(", "@import", "<script", "<link", "src=\"/"] {
            #expect(!html.contains(reference), "\(reference)")
        }
    }

    @Test("Charts are drawn for the room they get, alone or side by side")
    func plotSizes() {
        var section = ReportPage.Section("x")
        section.add(ReportPage.Figure(Self.chart, caption: "x"))
        section.add(sideBySide: [.init(Self.chart, caption: "x"), .init(Self.chart, caption: "x")])
        var page = ReportPage(title: "x")
        page.add(section)
        let html = page.html()
        #expect(html.contains(Self.chart.svg()))
        #expect(html.components(separatedBy: Self.chart.svg(size: .half)).count == 3)
    }

    @Test("The same content makes the same bytes")
    func deterministic() {
        #expect(Self.page(saying: "x").html() == Self.page(saying: "x").html())
    }

    @Test("A table row of another length traps")
    func unevenTable() async {
        await #expect(processExitsWith: .failure) {
            _ = ReportPage.Table(columns: [.text("a")], rows: [["1", "2"]])
        }
    }

    @Test("A figure with a name is a file of its own, one without is none")
    func files() throws {
        var section = ReportPage.Section("x")
        section.add(ReportPage.Figure(Self.chart, name: "curve", caption: "x"))
        section.add(sideBySide: [
            .init(Self.image, enlargement: 3, name: "samples", caption: "x"), .init(Self.chart, caption: "x"),
        ])
        var page = ReportPage(title: "x")
        page.add(section)
        let files = page.figures.compactMap(\.file)
        #expect(page.figures.count == 3 && files.map(\.name) == ["curve.svg", "samples.png"])
        #expect(files[0].data == Data(Self.chart.svg().utf8))
        #expect(try PNG.decode(files[1].data) == Self.image)
    }
}
