/// How often values fall into equal bins, such as the bound of each test example.
public struct Histogram: Plot {
    /// The text above the drawing, or nil for none.
    public var title: String?
    /// What the values measure; bins are equal on a linear scale, whatever the axis asks for.
    public var xAxis: Axis
    /// What is counted, as the vertical axis's label.
    public var counted: String
    /// The values; those that are not finite are left out.
    public var values: [Double]
    /// A marked value on the horizontal axis, such as the mean.
    public var marker: ReferenceLine?

    /// A histogram of values.
    ///
    /// - Parameters:
    ///   - title: The text above the drawing, or nil for none.
    ///   - xAxis: What the values measure.
    ///   - counted: What is counted, as the vertical axis's label.
    ///   - values: The values.
    ///   - marker: A marked value on the horizontal axis, such as the mean.
    public init(
        title: String? = nil, xAxis: Axis, counted: String, values: [Double], marker: ReferenceLine? = nil
    ) {
        self.title = title
        self.xAxis = xAxis
        self.counted = counted
        self.values = values
        self.marker = marker
    }

    /// The drawing as one `svg` element.
    public func svg(size: PlotSize) -> String {
        let (edges, counts) = bins()
        let frame = PlotFrame(
            size: size, title: title, xAxis: xAxis, yAxis: Axis(counted),
            x: AxisScale(covering: edges + [marker?.value].compactMap { $0 }, count: size.intervals),
            y: AxisScale(covering: counts.map(Double.init) + [0]))
        var bars = ""
        for (index, count) in counts.enumerated() where count > 0 {
            let left = frame.horizontal(edges[index])
            let width = frame.horizontal(edges[index + 1]) - left
            let top = frame.vertical(Double(count))
            bars += "M\(Markup.coordinate(left)) \(Markup.coordinate(top))"
            bars += "h\(Markup.coordinate(max(width - 1, 0.5)))V\(Markup.coordinate(frame.area.bottom))"
            bars += "H\(Markup.coordinate(left))z"
        }
        let marks = "<g class=\"\(Palette.name(of: 0))\"><path fill=\"currentColor\" d=\"\(bars)\"/></g>"
        return frame.svg(marks + frame.verticalLine(marker), isEmpty: bars.isEmpty)
    }

    /// Round bin edges and the count between each two, the upper edge of the last bin included.
    ///
    /// About as many bins as the square root of the number of values, between 5 and 40.
    package func bins() -> (edges: [Double], counts: [Int]) {
        let drawable = values.filter { AxisScale.isDrawable($0, on: .linear) }
        let target = min(max(Int(Double(drawable.count).squareRoot()), 5), 40)
        let edges = AxisScale(covering: drawable, count: target).ticks
        var counts = [Int](repeating: 0, count: edges.count - 1)
        for value in drawable {
            let above = edges.firstIndexByBisection { $0 > value }
            counts[min(max(above - 1, 0), counts.count - 1)] += 1
        }
        return (edges, counts)
    }
}

extension [Double] {
    /// The first position whose element belongs to the second part, by bisection.
    fileprivate func firstIndexByBisection(where belongs: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
