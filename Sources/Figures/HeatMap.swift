import Foundation

/// A matrix of numbers as shaded cells, such as what each latent unit tells of each factor.
public struct HeatMap: Plot {
    /// The text above the drawing, or nil for none.
    public var title: String?
    /// What the columns stand for.
    public var xAxis: Axis
    /// What the rows stand for.
    public var yAxis: Axis
    /// A name for each row, the first at the top.
    public var rows: [String]
    /// A name for each column.
    public var columns: [String]
    /// The numbers, row by row: 0 and what is below has no shade; those that are not finite leave a gap.
    public var values: [[Double]]
    /// The number that has the full shade, or nil for the largest.
    public var full: Double?

    /// The least height of a row that holds its number, in drawing units.
    private static let rowHeight = 20.0

    /// A chart of a matrix.
    ///
    /// - Parameters:
    ///   - title: The text above the drawing, or nil for none.
    ///   - xAxis: What the columns stand for.
    ///   - yAxis: What the rows stand for.
    ///   - rows: A name for each row.
    ///   - columns: A name for each column.
    ///   - values: The numbers, row by row.
    ///   - full: The number that has the full shade, or nil for the largest.
    /// - Precondition: There is a number for each row and column.
    public init(
        title: String? = nil, xAxis: Axis, yAxis: Axis, rows: [String], columns: [String], values: [[Double]],
        full: Double? = nil
    ) {
        precondition(
            values.count == rows.count && values.allSatisfy { $0.count == columns.count },
            "HeatMap: \(rows.count) rows and \(columns.count) columns need as many values.")
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.rows = rows
        self.columns = columns
        self.values = values
        self.full = full
    }

    /// The drawing as one `svg` element.
    public func svg(size: PlotSize) -> String {
        let frame = PlotFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis, x: AxisScale(covering: [0, 1]),
            y: AxisScale(covering: [0, 1]), showsXTicks: false, rows: rows,
            height: max(size.areaHeight, Double(rows.count) * Self.rowHeight))
        let drawable = values.joined().filter { AxisScale.isDrawable($0, on: .linear) }
        let largest = max(full ?? drawable.max() ?? 0, .leastNormalMagnitude)
        let width = frame.area.width / Double(max(columns.count, 1))
        let height = frame.area.height / Double(max(rows.count, 1))
        var cells = ""
        var numbers = ""
        for (row, line) in values.enumerated() {
            for (column, value) in line.enumerated() where AxisScale.isDrawable(value, on: .linear) {
                let left = frame.area.left + Double(column) * width
                let top = frame.area.top + Double(row) * height
                let shade = String(format: "%.3f", min(max(0, value / largest), 1))
                let corner = "\(Markup.coordinate(left + 1)) \(Markup.coordinate(top + 1))"
                let (across, down) = (Markup.coordinate(width - 2), Markup.coordinate(height - 2))
                cells +=
                    "<path fill=\"currentColor\" fill-opacity=\"\(shade)\" "
                    + "d=\"M\(corner)h\(across)v\(down)h-\(across)z\"/>"
                let label = Self.label(value)
                guard Markup.width(of: label, size: 12) + 6 < width else { continue }
                numbers += frame.text(
                    label, left + width / 2, top + height / 2 + 4, anchor: "middle", class: "ink halo")
            }
        }
        return frame.svg(
            "<g class=\"\(Palette.name(of: 0))\">\(cells)</g>\(numbers)\(names(in: frame, slot: width))",
            isEmpty: cells.isEmpty)
    }

    private static func label(_ value: Double) -> String {
        String(format: abs(value) < 1000 ? "%.2f" : "%.0e", value)
    }

    /// Names under the columns, thinned so that they do not touch.
    private func names(in frame: PlotFrame, slot: Double) -> String {
        let widest = columns.map { Markup.width(of: $0, size: 12) }.max() ?? 0
        let interval = max(1, Int(((widest + 6) / slot).rounded(.up)))
        return stride(from: 0, to: columns.count, by: interval).map { place in
            frame.text(
                columns[place], frame.area.left + (Double(place) + 0.5) * slot, frame.area.bottom + 19,
                anchor: "middle", class: "quiet")
        }.joined()
    }
}
