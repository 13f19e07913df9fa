import Foundation

/// Points in the plane, such as two-dimensional codes, coloured and named by class.
///
/// Every class is one path, so that tens of thousands of points stay a small file that draws at once.
public struct ScatterChart: Plot {
    /// The points of one class.
    public struct Series: Sendable, Equatable {
        /// The class's name, written in the legend and at the middle of its points.
        public var name: String
        /// Horizontal values.
        public var x: [Double]
        /// Vertical values, one for each of `x`.
        public var y: [Double]

        /// The points of one class.
        ///
        /// - Parameters:
        ///   - name: The class's name.
        ///   - x: Horizontal values.
        ///   - y: Vertical values, one for each of `x`.
        /// - Precondition: Both arrays have the same count.
        public init(_ name: String, x: [Double], y: [Double]) {
            precondition(
                x.count == y.count,
                "ScatterChart.Series '\(name)': \(x.count) x values and \(y.count) y values must be as many.")
            self.name = name
            self.x = x
            self.y = y
        }
    }

    /// The curves of one and of two standard deviations of a Gaussian.
    public struct Ellipse: Sendable, Equatable {
        /// Its mean.
        public var x: Double, y: Double
        /// Its covariance.
        public var xx: Double, xy: Double, yy: Double
        /// The place of the series whose colour it has.
        public var series: Int

        /// The curves of a Gaussian.
        ///
        /// - Parameters:
        ///   - mean: Horizontal and vertical.
        ///   - covariance: The variances along x and y, and between them what they share.
        ///   - series: The place of the series whose colour it has.
        public init(
            mean: (x: Double, y: Double), covariance: (xx: Double, xy: Double, yy: Double), series: Int
        ) {
            (x, y) = mean
            (xx, xy, yy) = covariance
            self.series = series
        }

        /// Points so many standard deviations from the mean, all the way round.
        func points(at distance: Double) -> [(x: Double, y: Double)] {
            // The lower factor of the covariance takes a circle to the ellipse.
            let width = max(xx, 0).squareRoot()
            let slant = width > 0 ? xy / width : 0
            let height = max(yy - slant * slant, 0).squareRoot()
            return (0..<72).map { step in
                let angle = Double(step) / 72 * 2 * Double.pi
                let (right, up) = (distance * cos(angle), distance * sin(angle))
                return (x + width * right, y + slant * right + height * up)
            }
        }
    }

    /// The text above the drawing, or nil for none.
    public var title: String?
    /// The horizontal axis.
    public var xAxis: Axis
    /// The vertical axis.
    public var yAxis: Axis
    /// The classes, in the order of their colours.
    public var series: [Series]
    /// Whether both axes span the same values over the same length, so that distances can be compared.
    public var hasEqualScales: Bool
    /// Whether a class is named at the middle of its points, beside the legend.
    public var namesMiddles = true
    /// Gaussians drawn over the points.
    public var ellipses: [Ellipse] = []

    /// A chart of points.
    ///
    /// - Parameters:
    ///   - title: The text above the drawing, or nil for none.
    ///   - xAxis: The horizontal axis.
    ///   - yAxis: The vertical axis.
    ///   - series: The classes, in the order of their colours.
    ///   - hasEqualScales: Whether both axes span the same values over the same length.
    public init(
        title: String? = nil, xAxis: Axis, yAxis: Axis, series: [Series], hasEqualScales: Bool = true
    ) {
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.series = series
        self.hasEqualScales = hasEqualScales
    }

    /// The drawing as one `svg` element.
    public func svg(size: PlotSize) -> String {
        let frame = makeFrame(size)
        var clouds = ""
        var names = SpacedLabels(in: frame.area)
        let diameter = dotSize
        for (index, item) in series.enumerated() {
            let points = zip(item.x, item.y).compactMap { frame.point($0, $1) }
            guard !points.isEmpty else { continue }
            // A line of almost no length with round ends is the shortest way to write a disc.
            let discs = points.map { "M\(Markup.coordinate($0.x)) \(Markup.coordinate($0.y))h.01" }.joined()
            let color = Palette.name(of: index)
            clouds +=
                "<g class=\"\(color)\"><path class=\"cloud\" stroke-width=\"\(diameter)\" d=\"\(discs)\"/></g>"
            if series.count > 1 && namesMiddles {
                let middle = (x: Self.median(points.map(\.x)), y: Self.median(points.map(\.y)))
                names.add(item.name, at: middle)
            }
        }
        let labels = names.placed.map { label in
            frame.text(label.text, label.x, label.y + 5, anchor: "middle", class: "middle halo")
        }
        return frame.svg(clouds + curves(in: frame) + labels.joined(), isEmpty: clouds.isEmpty)
    }

    private func curves(in frame: PlotFrame) -> String {
        ellipses.map { ellipse in
            let paths = [1.0, 2].map { distance in
                let places = ellipse.points(at: distance).compactMap { frame.point($0.x, $0.y) }
                    .map { "\(Markup.coordinate($0.x)) \(Markup.coordinate($0.y))" }
                return places.isEmpty
                    ? "" : "<path class=\"curve\" d=\"M\(places.joined(separator: "L"))Z\"/>"
            }
            return "<g class=\"\(Palette.name(of: ellipse.series))\">\(paths.joined())</g>"
        }.joined()
    }

    private func makeFrame(_ size: PlotSize) -> PlotFrame {
        // A point is drawn only where both of its values have a place, so only such points set the scales.
        let marks =
            series.flatMap { zip($0.x, $0.y) } + ellipses.flatMap { $0.points(at: 2).map { ($0.x, $0.y) } }
        let points = marks.filter {
            AxisScale.isDrawable($0, on: xAxis.scale) && AxisScale.isDrawable($1, on: yAxis.scale)
        }
        let isSquare = hasEqualScales && xAxis.scale == yAxis.scale
        let xs = points.map(\.0)
        let ys = points.map(\.1)
        return PlotFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis,
            x: AxisScale(covering: isSquare ? xs + ys : xs, kind: xAxis.scale, count: size.intervals),
            y: AxisScale(
                covering: isSquare ? xs + ys : ys, kind: yAxis.scale, count: isSquare ? size.intervals : 5),
            legend: series.count > 1 ? series.enumerated().map { ($1.name, $0) } : [],
            rightMargin: isSquare ? size.width / 7 : 24, isSquare: isSquare)
    }

    /// Diameter of a disc: the more points, the smaller.
    private var dotSize: String {
        let count = series.map(\.x.count).reduce(0, +)
        return count > 20_000 ? "2" : count > 4_000 ? "3" : count > 500 ? "4" : "6"
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
