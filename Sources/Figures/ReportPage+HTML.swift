import Formats
import Foundation

extension ReportPage {
    /// The page as one HTML document, which is well-formed XML as well.
    public func html() -> String {
        var writer = Writer()
        let body = sections.map { writer.section($0) }.joined(separator: "\n")
        let name = Markup.escaped(title)
        let standfirst = subtitle.map { "<p class=\"subtitle\">\(Markup.escaped($0))</p>" } ?? ""
        let foot = footer.map { "<footer>\(Markup.escaped($0))</footer>\n" } ?? ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/>
            <title>\(name)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <header><h1>\(name)</h1>\(standfirst)</header>
            \(cards)\(body)
            \(foot)</main>
            </body>
            </html>

            """
    }

    private var cards: String {
        guard !keyFigures.isEmpty else { return "" }
        let items = keyFigures.map { figure in
            let unit = figure.unit.map { " <span class=\"unit\">\(Markup.escaped($0))</span>" } ?? ""
            let note = figure.note.map { "<dd class=\"note\">\(Markup.escaped($0))</dd>" } ?? ""
            return """
                <div><dt>\(Markup.escaped(figure.label))</dt>\
                <dd class="value">\(Markup.escaped(figure.value))\(unit)</dd>\(note)</div>
                """
        }
        return "<dl class=\"key\">\n\(items.joined(separator: "\n"))\n</dl>\n"
    }
}

/// Turns sections into markup and counts figures and tables on the way.
private struct Writer {
    private var figureCount = 0
    private var tableCount = 0

    mutating func section(_ section: ReportPage.Section) -> String {
        var parts = ["<section>", "<h2>\(Markup.escaped(section.heading))</h2>"]
        for block in section.blocks {
            switch block {
            case .paragraph(let text): parts.append("<p>\(Markup.escaped(text))</p>")
            case .figures(let figures): parts.append(row(figures))
            case .table(let table): parts.append(self.table(table))
            case .command(let text): parts.append("<pre><code>\(Markup.escaped(text))</code></pre>")
            }
        }
        parts.append("</section>")
        return parts.joined(separator: "\n")
    }

    private mutating func row(_ figures: [ReportPage.Figure]) -> String {
        let content = figures.map { figure($0, size: figures.count == 1 ? .full : .half) }.joined(
            separator: "\n")
        return figures.count == 1 ? content : "<div class=\"row\">\n\(content)\n</div>"
    }

    private mutating func figure(_ figure: ReportPage.Figure, size: PlotSize) -> String {
        figureCount += 1
        let content: String
        switch figure.content {
        case .plot(let plot): content = plot.svg(size: size)
        case .image(let image, let enlargement):
            content = """
                <img alt="\(Markup.escaped(figure.caption))" width="\(image.width * enlargement)" \
                height="\(image.height * enlargement)" \
                src="data:image/png;base64,\(PNG.encode(image).base64EncodedString())"/>
                """
        }
        return """
            <figure>\(content)
            <figcaption><b>Figure \(figureCount).</b> \(Markup.escaped(figure.caption))</figcaption></figure>
            """
    }

    private mutating func table(_ table: ReportPage.Table) -> String {
        var caption = ""
        if let text = table.caption {
            tableCount += 1
            caption = "<caption><b>Table \(tableCount).</b> \(Markup.escaped(text))</caption>\n"
        }
        func row(_ cells: [String], _ tag: String) -> String {
            let marked = zip(table.columns, cells).map { column, cell in
                let side = column.isNumeric ? " class=\"number\"" : ""
                return "<\(tag)\(side)>\(Markup.escaped(cell))</\(tag)>"
            }
            return "<tr>\(marked.joined())</tr>"
        }
        return """
            <div class="wide"><table>
            \(caption)<thead>\(row(table.columns.map(\.heading), "th"))</thead>
            <tbody>
            \(table.rows.map { row($0, "td") }.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }
}
