import Foundation

/// One bar per unit, such as the rate of each latent, with the units above a threshold set apart.
public struct BarChart: Plot {
    /// The order in which bars stand.
    public enum Order: Sendable, Equatable {
        /// As the values are given.
        case given
        /// The largest value first; values that are not finite come last.
        case descending
    }

    /// The text above the drawing, or nil for none.
    public var title: String?
    /// What the bars stand for.
    public var xAxis: Axis
    /// What their height measures; on a logarithmic scale, which has no zero, bars stand on the axis's lower end.
    public var yAxis: Axis
    /// Heights of the bars; those that are not finite leave a gap.
    public var values: [Double]
    /// The standard error of each height, drawn as a line twice as long up and down; empty for none.
    public var errors: [Double]
    /// A name under each bar, or nil for the position counted from zero.
    public var names: [String]?
    /// Where each bar begins, for bars that go on from one another; empty for bars that stand on zero.
    public var bases: [Double]
    /// The order in which bars stand.
    public var order: Order
    /// The value from which a bar counts, or nil when all count alike.
    public var threshold: ReferenceLine?
    /// A marked height, such as what a value cannot exceed, or nil for none.
    public var limit: ReferenceLine?

    /// A chart of bars.
    ///
    /// - Parameters:
    ///   - title: The text above the drawing, or nil for none.
    ///   - xAxis: What the bars stand for.
    ///   - yAxis: What their height measures.
    ///   - values: Heights of the bars.
    ///   - errors: The standard error of each height, drawn as a line twice as long up and down; empty for none.
    ///   - names: A name under each bar, or nil for the position counted from zero.
    ///   - bases: Where each bar begins; empty for bars that stand on zero.
    ///   - order: The order in which bars stand.
    ///   - threshold: The value from which a bar counts, or nil when all count alike.
    ///   - limit: A marked height, or nil for none.
    /// - Precondition: There are as many names as values, and as many errors and bases or none.
    public init(
        title: String? = nil, xAxis: Axis, yAxis: Axis, values: [Double], errors: [Double] = [],
        names: [String]? = nil, bases: [Double] = [], order: Order = .given, threshold: ReferenceLine? = nil,
        limit: ReferenceLine? = nil
    ) {
        precondition(
            names == nil || names?.count == values.count,
            "BarChart: \(values.count) values need as many names, not \(names?.count ?? 0).")
        precondition(
            errors.isEmpty || errors.count == values.count,
            "BarChart: \(values.count) values need as many errors, not \(errors.count).")
        precondition(
            bases.isEmpty || bases.count == values.count,
            "BarChart: \(values.count) values need as many bases, not \(bases.count).")
        self.bases = bases
        self.limit = limit
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.values = values
        self.errors = errors
        self.names = names
        self.order = order
        self.threshold = threshold
    }

    /// The drawing as one `svg` element.
    public func svg(size: PlotSize) -> String {
        // Below the lowest bar there is room for it to have a height.
        let ends = !bases.isEmpty ? bases : yAxis.scale == .linear ? [0] : values.map { $0 / 2 }
        let heights = AxisScale(
            covering: values + ends + errorEnds.flatMap { [$0.low, $0.high] }
                + [threshold?.value, limit?.value].compactMap { $0 }, kind: yAxis.scale)
        let frame = PlotFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis, x: AxisScale(covering: [0, 1]), y: heights,
            showsXTicks: false)
        let slot = frame.area.width / Double(max(values.count, 1))
        let thickness = min(slot * 0.78, 56)
        var counting = ""
        var others = ""
        var whiskers = ""
        for (place, index) in sequence.enumerated() where heights.isDrawable(values[index]) {
            let left = frame.area.left + (Double(place) + 0.5) * slot - thickness / 2
            guard let base = base(of: index, in: frame) else { continue }
            let bar = Self.bar(left, thickness, from: base, to: frame.vertical(values[index]))
            if let threshold, values[index] < threshold.value { others += bar } else { counting += bar }
            if !errors.isEmpty, heights.isDrawable(errorEnds[index].low),
                heights.isDrawable(errorEnds[index].high)
            {
                let ends = [errorEnds[index].low, errorEnds[index].high].map(frame.vertical).map(
                    Self.hundredths)
                let middle = Self.hundredths(left + thickness / 2)
                whiskers += "M\(middle) \(ends[0])L\(middle) \(ends[1])"
            }
        }
        let marks = """
            <path class="muted" d="\(others)"/>\
            <g class="\(Palette.name(of: 0))"><path fill="currentColor" d="\(counting)"/></g>
            """ + (whiskers.isEmpty ? "" : "<path class=\"whisker\" d=\"\(whiskers)\"/>")
        return frame.svg(
            marks + frame.horizontalLine(threshold) + frame.horizontalLine(limit)
                + labels(in: frame, slot: slot),
            isEmpty: counting.isEmpty && others.isEmpty)
    }

    /// The vertical place where a bar begins; nil where that has none.
    private func base(of index: Int, in frame: PlotFrame) -> Double? {
        if !bases.isEmpty { return frame.y.isDrawable(bases[index]) ? frame.vertical(bases[index]) : nil }
        return yAxis.scale == .linear ? frame.vertical(0) : frame.area.bottom
    }

    /// Two standard errors below and above each value.
    private var errorEnds: [(low: Double, high: Double)] {
        zip(values, errors).map { ($0 - 2 * $1, $0 + 2 * $1) }
    }

    /// Positions of the values in the order in which they are drawn.
    private var sequence: [Int] {
        guard order == .descending else { return Array(values.indices) }
        func key(_ index: Int) -> Double { values[index].isFinite ? values[index] : -.infinity }
        return values.indices.sorted { key($0) == key($1) ? $0 < $1 : key($0) > key($1) }
    }

    private static func bar(_ left: Double, _ width: Double, from base: Double, to end: Double) -> String {
        let (x, y) = (hundredths(left), hundredths(min(base, end)))
        return "M\(x) \(y)h\(hundredths(width))v\(hundredths(abs(end - base)))h-\(hundredths(width))z"
    }

    /// Hundredths, because with hundreds of bars a tenth is a visible share of a bar's width.
    private static func hundredths(_ value: Double) -> String { String(format: "%.2f", value) }

    /// Names under the bars, thinned so that they do not touch.
    ///
    /// In descending order a thinned row of names would say nothing, so then it is left out.
    private func labels(in frame: PlotFrame, slot: Double) -> String {
        let texts = sequence.map { names?[$0] ?? String($0) }
        let widest = texts.map { Markup.width(of: $0, size: 12) }.max() ?? 0
        let interval = Int(((widest + 6) / slot).rounded(.up))
        if order == .descending && interval > 1 { return "" }
        return stride(from: 0, to: texts.count, by: max(1, interval)).map { place in
            frame.text(
                texts[place], frame.area.left + (Double(place) + 0.5) * slot, frame.area.bottom + 19,
                anchor: "middle", class: "quiet")
        }.joined()
    }
}
