/// Curves over a common horizontal axis, each named at its own end.
///
/// Points that are not finite, or not positive on a logarithmic axis, are left out and interrupt the curve.
public struct LineChart: Plot {
    /// One curve.
    public struct Series: Sendable, Equatable {
        /// The name written beside the curve.
        public var name: String
        /// Horizontal values, in drawing order.
        public var x: [Double]
        /// Vertical values, one for each of `x`.
        public var y: [Double]
        /// Half the height of the shaded band around each value, or nil for none.
        public var standardErrors: [Double]?

        /// A curve through points.
        ///
        /// - Parameters:
        ///   - name: The name written beside the curve.
        ///   - x: Horizontal values, in drawing order.
        ///   - y: Vertical values, one for each of `x`.
        ///   - standardErrors: Half the height of the shaded band around each value, or nil for none.
        /// - Precondition: All arrays have the same count.
        public init(_ name: String, x: [Double], y: [Double], standardErrors: [Double]? = nil) {
            precondition(
                x.count == y.count && (standardErrors?.count ?? x.count) == x.count,
                "LineChart.Series '\(name)': \(x.count) x values, \(y.count) y values and "
                    + "\(standardErrors?.count ?? x.count) standard errors must be as many.")
            self.name = name
            self.x = x
            self.y = y
            self.standardErrors = standardErrors
        }
    }

    /// The text above the drawing, or nil for none.
    public var title: String?
    /// The horizontal axis.
    public var xAxis: Axis
    /// The vertical axis.
    public var yAxis: Axis
    /// The curves, in the order of their colours.
    public var series: [Series]
    /// A marked value on the vertical axis, such as a published result.
    public var reference: ReferenceLine?

    /// A chart of curves.
    ///
    /// - Parameters:
    ///   - title: The text above the drawing, or nil for none.
    ///   - xAxis: The horizontal axis.
    ///   - yAxis: The vertical axis.
    ///   - series: The curves, in the order of their colours.
    ///   - reference: A marked value on the vertical axis, such as a published result.
    public init(
        title: String? = nil, xAxis: Axis, yAxis: Axis, series: [Series], reference: ReferenceLine? = nil
    ) {
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.series = series
        self.reference = reference
    }

    /// The drawing as one `svg` element.
    public func svg(size: PlotSize) -> String {
        let frame = makeFrame(size)
        var isEmpty = true
        var bands = ""
        var curves = ""
        for (index, item) in series.enumerated() {
            let runs = Self.runs(of: item, in: frame)
            isEmpty = isEmpty && runs.isEmpty
            let group = "<g class=\"\(Palette.name(of: index))\">"
            bands += group + runs.map { Self.band($0, in: frame) }.joined() + "</g>"
            curves += group + Self.curve(runs, isDashed: index >= Palette.count) + "</g>"
        }
        let names = labelsEnds(size) ? endLabels(in: frame) : ""
        return frame.svg(bands + frame.horizontalLine(reference) + curves + names, isEmpty: isEmpty)
    }

    /// Whether names stand at the curves' ends; too many or too long ones go into a legend.
    private func labelsEnds(_ size: PlotSize) -> Bool {
        series.count > 1 && Double(series.count) * 24 <= size.areaHeight && labelWidth <= size.width / 4
    }

    private var labelWidth: Double {
        series.map { Markup.width(of: $0.name, size: 12) }.max() ?? 0
    }

    private func makeFrame(_ size: PlotSize) -> PlotFrame {
        let heights = series.flatMap { item -> [Double] in
            let bands = zip(item.y, item.standardErrors ?? []).flatMap { (y: Double, error: Double) in
                [y - abs(error), y + abs(error)]
            }
            return item.y + bands
        }
        return PlotFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis,
            x: AxisScale(covering: series.flatMap(\.x), kind: xAxis.scale, count: size.intervals),
            y: AxisScale(covering: heights + [reference?.value].compactMap { $0 }, kind: yAxis.scale),
            legend: series.count > 1 && !labelsEnds(size) ? series.enumerated().map { ($1.name, $0) } : [],
            rightMargin: labelsEnds(size) ? labelWidth + 20 : 24)
    }

    private typealias Vertex = (x: Double, y: Double, value: Double, error: Double)

    /// The stretches of consecutive drawable points.
    private static func runs(of series: Series, in frame: PlotFrame) -> [[Vertex]] {
        var runs: [[Vertex]] = [[]]
        for index in series.x.indices {
            if let point = frame.point(series.x[index], series.y[index]) {
                let error = series.standardErrors.map { abs($0[index]) } ?? 0
                runs[runs.count - 1].append((point.x, point.y, series.y[index], error))
            } else if runs[runs.count - 1].isEmpty == false {
                runs.append([])
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    private static func band(_ run: [Vertex], in frame: PlotFrame) -> String {
        guard run.count > 1, run.contains(where: { $0.error > 0 }) else { return "" }
        // An edge without a place (an infinite error, or below zero on a log axis) falls back to the curve.
        func edge(_ vertex: Vertex, _ sign: Double) -> String {
            let value = vertex.value + sign * vertex.error
            let place = frame.y.isDrawable(value) ? frame.vertical(value) : vertex.y
            return "\(Markup.coordinate(vertex.x)) \(Markup.coordinate(place))"
        }
        let outline = run.map { edge($0, 1) } + run.reversed().map { edge($0, -1) }
        return "<path class=\"band\" d=\"M\(outline.joined(separator: "L"))Z\"/>"
    }

    private static func curve(_ runs: [[Vertex]], isDashed: Bool) -> String {
        var lines = ""
        var dots = ""
        for run in runs {
            let places = run.map { "\(Markup.coordinate($0.x)) \(Markup.coordinate($0.y))" }
            if places.count == 1 {
                dots += "M\(places[0])h.01"
            } else {
                lines += "M" + places.joined(separator: "L")
            }
        }
        let dash = isDashed ? " stroke-dasharray=\"6 4\"" : ""
        return (lines.isEmpty ? "" : "<path class=\"curve\"\(dash) d=\"\(lines)\"/>")
            + (dots.isEmpty ? "" : "<path class=\"dot\" d=\"\(dots)\"/>")
    }

    private func endLabels(in frame: PlotFrame) -> String {
        var labels = series.enumerated().compactMap { index, item -> (index: Int, y: Double)? in
            Self.runs(of: item, in: frame).last?.last.map { (index, $0.y) }
        }
        labels.sort { ($0.y, $0.index) < ($1.y, $1.index) }
        // Neighbours are pushed apart downward, then whatever left the area is pushed back up.
        let gap = 16.0
        for place in labels.indices.dropFirst() {
            labels[place].y = max(labels[place].y, labels[place - 1].y + gap)
        }
        var limit = frame.area.bottom
        for place in labels.indices.reversed() {
            labels[place].y = min(labels[place].y, limit)
            limit = labels[place].y - gap
        }
        return labels.map { label in
            let text = frame.text(
                series[label.index].name, frame.area.right + 8, label.y + 4, class: "name")
            return "<g class=\"\(Palette.name(of: label.index))\">\(text)</g>"
        }.joined()
    }
}
