/// A drawing that stands alone as SVG text.
///
/// It carries its own style for light and dark surroundings (always light on paper), needs no script and no
/// font file, and shows a valid frame for any data, empty or not finite included.
public protocol Plot: Sendable {
    /// The drawing as one `svg` element, fit for a file or for the inside of a page.
    ///
    /// Letters have the same size in every `size`, so that a drawing need not be scaled to fit.
    func svg(size: PlotSize) -> String
}

extension Plot {
    /// The drawing for the full width of a page.
    public func svg() -> String { svg(size: .full) }
}

/// The room a drawing is made for.
public enum PlotSize: Sendable, Equatable {
    /// The full width of a report's column.
    case full
    /// Half of it, beside another figure.
    case half

    /// The width in drawing units, which are the page's units; those of `ReportPage`'s columns.
    package var width: Double { self == .full ? 768 : 364 }

    /// The height between the axes, in the same units.
    var areaHeight: Double { self == .full ? 310 : 200 }

    /// About how many intervals the horizontal axis has room for.
    var intervals: Int { self == .full ? 7 : 4 }
}

/// The rectangle between the axes, in drawing units with y downward.
package struct PlotArea: Sendable, Equatable {
    package var left: Double
    package var top: Double
    package var right: Double
    package var bottom: Double

    package var width: Double { right - left }
    package var height: Double { bottom - top }
}

/// What every chart shares: title, legend, axes, grid, and the map from data to the drawing.
struct PlotFrame {
    /// A name in the legend with the place of its colour in the palette.
    typealias Entry = (name: String, color: Int)

    private static let textSize = 12.0

    let area: PlotArea
    let x: AxisScale
    let y: AxisScale
    private let xAxis: Axis
    private let yAxis: Axis
    private let title: String?
    private let size: PlotSize
    private let legend: [(entry: Entry, x: Double, y: Double)]
    private let showsXTicks: Bool
    private let rows: [String]?

    /// A frame for two scales.
    ///
    /// A square area gives both axes the same number of units per data unit when their scales are equal. Names of equal
    /// rows, the first at the top, take the place of the vertical scale's ticks.
    init(
        size: PlotSize, title: String?, xAxis: Axis, yAxis: Axis, x: AxisScale, y: AxisScale,
        legend entries: [Entry] = [], rightMargin: Double = 16, isSquare: Bool = false,
        showsXTicks: Bool = true, rows: [String]? = nil, height: Double? = nil
    ) {
        let widestLabel = (rows ?? y.labels).map { Markup.width(of: $0, size: Self.textSize) }.max() ?? 0
        let left = max(36, widestLabel + 14)
        let right = size.width - max(rightMargin, 16)
        var baseline = title == nil ? 6.0 : 34.0
        var placed: [(entry: Entry, x: Double, y: Double)] = []
        if !entries.isEmpty {
            var cursor = 0.0
            baseline += 12
            for entry in entries {
                let width = Markup.width(of: entry.name, size: Self.textSize) + 32
                if cursor + width > size.width && cursor > 0 {
                    cursor = 0
                    baseline += 20
                }
                placed.append((entry, cursor, baseline))
                cursor += width
            }
            baseline += 10
        }
        let top = baseline + 28
        let height = isSquare ? right - left : height ?? size.areaHeight
        area = PlotArea(left: left, top: top, right: right, bottom: top + height)
        self.size = size
        (self.x, self.y, self.xAxis, self.yAxis, self.title) = (x, y, xAxis, yAxis, title)
        legend = placed
        self.showsXTicks = showsXTicks
        self.rows = rows
    }

    /// The place of a data point, or nil where it has none (not finite, or not positive on a log axis).
    func point(_ xValue: Double, _ yValue: Double) -> (x: Double, y: Double)? {
        guard x.isDrawable(xValue), y.isDrawable(yValue) else { return nil }
        return (horizontal(xValue), vertical(yValue))
    }

    /// The horizontal place of a drawable value.
    func horizontal(_ value: Double) -> Double { area.left + x.fraction(of: value) * area.width }

    /// The vertical place of a drawable value.
    func vertical(_ value: Double) -> Double { area.bottom - y.fraction(of: value) * area.height }

    /// The whole `svg` element around the chart's own marks; a chart without any says so.
    func svg(_ marks: String, isEmpty: Bool) -> String {
        let height = Markup.coordinate(area.bottom + 48)
        let width = Markup.coordinate(size.width)
        let (middle, centre) = ((area.left + area.right) / 2, (area.top + area.bottom) / 2)
        let remark =
            isEmpty ? text("no values to show", middle, centre, anchor: "middle", class: "quiet halo") : ""
        let name = Markup.escaped(title ?? "\(yAxis.caption) against \(xAxis.caption)")
        return """
            <svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)" role="img" aria-label="\(name)">
            <style>\(Palette.style)</style>
            \(heading)\(grid)\(captions)<g class="marks">\(marks)</g>\(remark)
            </svg>
            """
    }

    /// A horizontal line across the area at a value, labelled above its right end.
    func horizontalLine(_ line: ReferenceLine?) -> String {
        guard let line, y.isDrawable(line.value) else { return "" }
        let place = vertical(line.value)
        let above = place - area.top > 18
        return """
            <path class="reference" d="M\(c(area.left)) \(c(place))H\(c(area.right))"/>\
            \(text(line.label, area.right - 4, above ? place - 6 : place + 15, anchor: "end", class: "quiet halo"))
            """
    }

    /// A vertical line across the area at a value, labelled beside its top.
    func verticalLine(_ line: ReferenceLine?) -> String {
        guard let line, x.isDrawable(line.value) else { return "" }
        let place = horizontal(line.value)
        let isLeft = place < (area.left + area.right) / 2
        let label = text(
            line.label, place + (isLeft ? 6 : -6), area.top + 12, anchor: isLeft ? "start" : "end",
            class: "quiet halo")
        return "<path class=\"reference\" d=\"M\(c(place)) \(c(area.top))V\(c(area.bottom))\"/>\(label)"
    }

    /// One text element.
    func text(_ content: String, _ x: Double, _ y: Double, anchor: String = "start", class name: String)
        -> String
    {
        """
        <text class="\(name)" x="\(c(x))" y="\(c(y))" text-anchor="\(anchor)">\(Markup.escaped(content))</text>
        """
    }

    private func c(_ value: Double) -> String { Markup.coordinate(value) }

    private var heading: String {
        let titleText = title.map { text($0, 0, 20, class: "title") } ?? ""
        let entries = legend.map { item in
            let swatch =
                "<circle cx=\"\(c(item.x + 5))\" cy=\"\(c(item.y - 4))\" r=\"5\" fill=\"currentColor\"/>"
            let color = Palette.name(of: item.entry.color)
            return "<g class=\"\(color)\">\(swatch)</g>"
                + text(item.entry.name, item.x + 16, item.y, class: "ink")
        }
        return titleText + entries.joined()
    }

    private var grid: String {
        if let rows {
            return rows.enumerated().map { row, name in
                let middle = area.top + (Double(row) + 0.5) * area.height / Double(rows.count)
                return text(name, area.left - 8, middle + 4, anchor: "end", class: "quiet")
            }.joined()
        }
        var lines = ""
        var labels = ""
        for (tick, label) in zip(y.ticks, y.labels) {
            let place = vertical(tick)
            lines += "M\(c(area.left)) \(c(place))H\(c(area.right))"
            labels += text(label, area.left - 8, place + 4, anchor: "end", class: "quiet")
        }
        guard showsXTicks else { return "<path class=\"grid\" d=\"\(lines)\"/>\(labels)" }
        var marks = ""
        for (tick, label) in zip(x.ticks, x.labels) {
            let place = horizontal(tick)
            marks += "M\(c(place)) \(c(area.bottom))v5"
            labels += text(label, place, area.bottom + 19, anchor: "middle", class: "quiet")
        }
        return "<path class=\"grid\" d=\"\(lines)\"/><path class=\"tick\" d=\"\(marks)\"/>\(labels)"
    }

    private var captions: String {
        text(yAxis.caption, 0, area.top - 14, class: "ink")
            + text(xAxis.caption, area.right, area.bottom + 40, anchor: "end", class: "ink")
    }
}
