import Figures
import Testing

@Suite struct PlotTests {
    static let shapes: [[Double]] = [
        [], [.nan], [.nan, .nan], [1], [2, 2, 2], [0, 0], [.infinity, 1, -.infinity], [1, .nan, 3, .nan, 5],
        [1e300, -1e300], [1e308, -1e308], [.leastNonzeroMagnitude, 0], [-1, -2], [1, 10, 1e6],
    ]

    static func plots(of values: [Double], scale: Axis.Scale = .linear) -> [any Plot] {
        let x = Axis("epoch", scale: scale)
        let y = Axis("rate", unit: "nats", scale: scale)
        let positions = values.indices.map { Double($0 + 1) }
        let line = LineChart.Series("a", x: positions, y: values, standardErrors: values)
        return [
            LineChart(xAxis: x, yAxis: y, series: []),
            LineChart(xAxis: x, yAxis: y, series: [line]),
            LineChart(xAxis: x, yAxis: y, series: [line, line], reference: ReferenceLine(at: 2, label: "2")),
            BarChart(xAxis: x, yAxis: y, values: values),
            BarChart(
                xAxis: x, yAxis: y, values: values, order: .descending,
                threshold: ReferenceLine(at: values.first ?? .nan, label: "first")),
            ScatterChart(xAxis: x, yAxis: y, series: []),
            ScatterChart(
                xAxis: x, yAxis: y, series: [.init("a", x: values, y: values), .init("b", x: [], y: [])]),
            ScatterChart(
                xAxis: x, yAxis: y, series: [.init("a", x: positions, y: values)], hasEqualScales: false),
            Histogram(
                xAxis: x, counted: "images", values: values,
                marker: ReferenceLine(at: values.last ?? .nan, label: "last")),
            HeatMap(
                xAxis: x, yAxis: y, rows: ["a", "b"], columns: values.indices.map { "\($0)" },
                values: [values, values]),
        ]
    }

    @Test("Any data make a well-formed drawing without a number that is none", arguments: shapes)
    func degenerateData(values: [Double]) throws {
        for scale in [Axis.Scale.linear, .logarithmic] {
            for plot in Self.plots(of: values, scale: scale) {
                for size in [PlotSize.full, .half] {
                    let source = plot.svg(size: size)
                    let drawing = try #require(SVG(source), "\(type(of: plot)) \(values)")
                    #expect(drawing.size.width == size.width && drawing.size.height >= 200)
                    #expect(!source.contains("nan") && !source.contains("inf\""))
                    #expect(drawing.texts.contains { $0.hasPrefix("epoch") })
                }
            }
        }
    }

    @Test("A chart without a drawable value says so, one with a value does not", arguments: [0, 1])
    func emptyCharts(count: Int) throws {
        for plot in Self.plots(of: [Double](repeating: count == 0 ? .nan : 1, count: 2)) {
            let isEmpty = try #require(SVG(plot.svg())).texts.contains("no values to show")
            let hasSeries =
                (plot as? LineChart)?.series.isEmpty != true
                && (plot as? ScatterChart)?.series.isEmpty != true
            #expect(isEmpty == (count == 0 || !hasSeries))
        }
    }

    @Test("Every drawable point of a curve lies inside the area, each other point breaks the curve")
    func pointsInside() throws {
        let x = (0..<200).map { Double($0) }
        let y = x.map { $0 == 50 ? .nan : 100 / ($0 + 1) - 3 }
        let errors = x.map { $0 / 40 }
        let chart = LineChart(
            xAxis: Axis("epoch"), yAxis: Axis("loss"),
            series: [.init("a", x: x, y: y, standardErrors: errors)])
        let drawing = try #require(SVG(chart.svg()))
        let curve = drawing.points(ofPathsClassed: "curve")
        #expect(curve.count == 199)
        let gaps = zip(curve, curve.dropFirst()).map { $1.x - $0.x }
        #expect(gaps.filter { $0 > (gaps.min() ?? 0) * 1.5 }.count == 1)
        let grid = try #require(drawing.points(ofPathsClassed: "grid").first)
        let band = drawing.points(ofPathsClassed: "band")
        #expect(band.count == 398)
        for point in curve + band {
            #expect(point.x >= grid.x && point.x <= drawing.size.width - 16)
            #expect(point.y >= 0 && point.y <= drawing.size.height - 48)
        }
    }

    @Test("A curve that rises in the data rises in the drawing")
    func upward() throws {
        let chart = LineChart(
            xAxis: Axis("x"), yAxis: Axis("y"), series: [.init("a", x: [0, 10], y: [0, 10])])
        let curve = try #require(SVG(chart.svg())).points(ofPathsClassed: "curve")
        #expect(curve.count == 2 && curve[0].x < curve[1].x && curve[0].y > curve[1].y)
    }

    @Test("A lone point is drawn as a dot")
    func lonePoint() throws {
        let chart = LineChart(
            xAxis: Axis("x"), yAxis: Axis("y"), series: [.init("a", x: [0, 1, 2], y: [.nan, 5, .nan])])
        let drawing = try #require(SVG(chart.svg()))
        #expect(drawing.points(ofPathsClassed: "dot").count == 1)
    }

    @Test(
        "Two or more curves are each named once, at their ends or in the legend", arguments: [2, 12, 13, 40])
    func names(count: Int) throws {
        let series = (0..<count).map { LineChart.Series("curve \($0)", x: [0, 1], y: [0, 0]) }
        let drawing = try #require(SVG(LineChart(xAxis: Axis("x"), yAxis: Axis("y"), series: series).svg()))
        for item in series { #expect(drawing.texts.filter { $0 == item.name }.count == 1) }
        let places = drawing.elements.filter { $0.attributes["class"] == "name" }.compactMap {
            Double($0.attributes["y"] ?? "")
        }.sorted()
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 15 })
    }

    @Test("Names cannot break out of the drawing")
    func escaping() throws {
        let hostile = "</text><script>alert('1')</script>&\""
        let axis = Axis(hostile, unit: hostile)
        let series = [LineChart.Series(hostile, x: [0], y: [0]), .init(hostile, x: [1], y: [1])]
        let line = ReferenceLine(at: 0.5, label: hostile)
        let chart = LineChart(title: hostile, xAxis: axis, yAxis: axis, series: series, reference: line)
        let drawing = try #require(SVG(chart.svg()))
        #expect(!drawing.elements.contains { $0.name == "script" })
        #expect(drawing.texts.filter { $0 == hostile }.count == 4)
        #expect(drawing.elements[0].attributes["aria-label"] == hostile)
    }

    @Test("All points of all classes are drawn, in one path for each class")
    func scatter() throws {
        let classes = (0..<10).map { index in
            let x = (0..<300).map { Double($0 * (index + 1) % 17) }
            return ScatterChart.Series("\(index)", x: x, y: x.reversed())
        }
        let chart = ScatterChart(xAxis: Axis("z₁"), yAxis: Axis("z₂"), series: classes)
        let drawing = try #require(SVG(chart.svg()))
        #expect(drawing.elements.filter { $0.attributes["class"] == "cloud" }.count == 10)
        let points = drawing.points(ofPathsClassed: "cloud")
        #expect(points.count == 3000)
        #expect(points.allSatisfy { $0.x >= 36 && $0.x <= 768 && $0.y > 0 && $0.y < drawing.size.height })
        #expect(chart.svg().utf8.count < 3000 * 20 + 20_000)
    }

    @Test("A cell of a heat map is as dark as its number, in its row and column")
    func cells() throws {
        let map = HeatMap(
            xAxis: Axis("factor"), yAxis: Axis("unit"), rows: ["u", "v"], columns: ["p", "q"],
            values: [[0, 1], [0.25, .nan]])
        let drawing = try #require(SVG(map.svg()))
        let cells = drawing.elements.filter { $0.attributes["fill-opacity"] != nil }
        #expect(cells.map { $0.attributes["fill-opacity"] } == ["0.000", "1.000", "0.250"])
        let corners = cells.map { cell in
            (cell.attributes["d"] ?? "").dropFirst().prefix { $0 != "h" }.split(separator: " ").compactMap {
                Double($0)
            }
        }
        var paler = map
        paler.full = 2
        #expect(paler.svg().contains("fill-opacity=\"0.500\"") && !paler.svg().contains("1.000"))
        #expect(corners[0][1] == corners[1][1] && corners[0][0] < corners[1][0])
        #expect(corners[0][0] == corners[2][0] && corners[0][1] < corners[2][1])
        for text in ["u", "v", "p", "q", "0.00", "1.00", "0.25"] {
            #expect(drawing.texts.filter { $0 == text }.count == 1)
        }
    }

    @Test("A heat map of many rows grows with them")
    func manyRows() throws {
        let rows = (0..<60).map { "unit \($0)" }
        let map = HeatMap(
            xAxis: Axis("factor"), yAxis: Axis("unit"), rows: rows, columns: ["p"],
            values: rows.map { _ in [1] })
        let drawing = try #require(SVG(map.svg(size: .half)))
        #expect(drawing.size.height > 60 * 20)
        #expect(drawing.texts.filter { $0.hasPrefix("unit ") }.count == 60)
    }

    @Test("Bars in descending order carry their own names")
    func barOrder() throws {
        let chart = BarChart(
            xAxis: Axis("unit"), yAxis: Axis("rate"), values: [1, 3, .nan, 2], names: ["a", "b", "c", "d"],
            order: .descending)
        let texts = try #require(SVG(chart.svg())).texts
        #expect(texts.filter { ["a", "b", "c", "d"].contains($0) } == ["b", "d", "a", "c"])
    }

    @Test("A bar's error is drawn two standard errors up and down, and the axis has room for it")
    func barErrors() throws {
        let chart = BarChart(
            xAxis: Axis("estimator"), yAxis: Axis("bias"), values: [1, -2, 4], errors: [0.5, 3, 0])
        let drawing = try #require(SVG(chart.svg()))
        let ends = drawing.points(ofPathsClassed: "whisker")
        try #require(ends.count == 6)
        let lengths = stride(from: 0, to: 6, by: 2).map { abs(ends[$0].y - ends[$0 + 1].y) }
        #expect(abs(lengths[1] / lengths[0] - 6) < 0.01 && lengths[2] == 0)
        #expect(ends.allSatisfy { $0.y >= 0 && $0.y <= drawing.size.height })
    }

    @Test("On a logarithmic axis equal ratios are equal heights, the lowest bar has one, and zero is a gap")
    func logarithmicBars() throws {
        let chart = BarChart(
            xAxis: Axis("estimator"), yAxis: Axis("variance", scale: .logarithmic),
            values: [1, 10, 100, 0])
        let drawing = try #require(SVG(chart.svg()))
        let path = drawing.elements.compactMap { $0.attributes["d"] }.first { $0.hasSuffix("z") }
        // Each bar is written "Mx yhwidth vheight h-width z".
        let heights = try #require(path).split(separator: "z").compactMap { bar in
            bar.split(separator: "v").last?.split(separator: "h").first.flatMap { Double($0) }
        }
        try #require(heights.count == 3)
        #expect(heights[0] > 5)
        #expect(abs((heights[2] - heights[1]) - (heights[1] - heights[0])) < 0.1)
    }

    @Test(
        "Every finite value falls into exactly one bin",
        arguments: shapes + [Array(stride(from: 0, to: 1, by: 1e-3))])
    func bins(values: [Double]) {
        let bins = Histogram(xAxis: Axis("x"), counted: "n", values: values).bins()
        #expect(bins.counts.reduce(0, +) == values.filter { abs($0) <= 1e300 }.count)
        #expect(bins.edges.count == bins.counts.count + 1)
    }

    @Test("A value on an inner edge belongs to the bin above, the largest to the last bin")
    func binEdges() {
        let bins = Histogram(xAxis: Axis("x"), counted: "n", values: [0, 1, 1, 2, 5]).bins()
        #expect(bins.edges == [0, 1, 2, 3, 4, 5])
        #expect(bins.counts == [1, 2, 1, 0, 1])
    }

    @Test("A Gaussian over points is drawn as ellipses of one and of two standard deviations")
    func ellipses() throws {
        var chart = ScatterChart(xAxis: Axis("epoch"), yAxis: Axis("b"), series: [.init("a", x: [0], y: [0])])
        chart.ellipses = [.init(mean: (1, -1), covariance: (4, 0.9, 1), series: 0)]
        let points = try #require(SVG(chart.svg())).points(ofPathsClassed: "curve")
        #expect(points.count == 144)
        func extent(_ values: [Double]) -> Double { values.max()! - values.min()! }
        let (inner, outer) = (points.prefix(72), points.suffix(72))
        let width = extent(outer.map(\.x))
        // Half a percent for the steps of the curves, which may pass the furthest point by.
        #expect(abs(width / extent(outer.map(\.y)) - 2) < 0.02)
        #expect(abs(width / extent(inner.map(\.x)) - 2) < 0.02)
        let centre = inner.map(\.x).reduce(0, +) / 72
        // What x and y share makes the right end lie higher, in a drawing whose y runs downward.
        let end = try #require(outer.max { $0.x < $1.x })
        #expect(end.x > centre && end.y < outer.map(\.y).reduce(0, +) / 72)
    }

    @Test(
        "Classes around one place are named beside one another, not over one another", arguments: [2, 10, 40])
    func crowdedNames(count: Int) throws {
        let series = (0..<count).map { index in
            ScatterChart.Series("class \(index)", x: [-1, 0.01 * Double(index), 1], y: [-1, 0, 1])
        }
        for size in [PlotSize.full, .half] {
            let chart = ScatterChart(xAxis: Axis("unit 0"), yAxis: Axis("unit 1"), series: series)
            let drawing = try #require(SVG(chart.svg(size: size)))
            #expect(drawing.overprint == nil)
            let middles = drawing.elements.count { $0.attributes["class"] == "middle halo" }
            #expect(count > 10 ? middles > 10 : middles == count)
        }
    }

    @Test("Without names at their middles classes are in the legend alone")
    func namesInTheLegend() throws {
        var chart = ScatterChart(
            xAxis: Axis("unit 0"), yAxis: Axis("unit 1"),
            series: [.init("p(z)", x: [0, 1], y: [0, 1]), .init("q(z)", x: [0, 1], y: [0, 1])])
        chart.namesMiddles = false
        let drawing = try #require(SVG(chart.svg(size: .half)))
        for name in ["p(z)", "q(z)"] { #expect(drawing.texts.count { $0 == name } == 1) }
        #expect(drawing.overprint == nil)
    }

    @Test("No chart of usual data has a text over another one", arguments: [PlotSize.full, .half])
    func noOverprint(size: PlotSize) throws {
        let x = (1...20).map { Double($0) }
        let names = ["reparam.", "analytic-rate", "stl", "dreg", "running-mean", "leave-one-out"]
        let charts: [any Plot] = [
            LineChart(
                xAxis: Axis("quantile of p(z)"), yAxis: Axis("quantile of q(z)"),
                series: (0..<7).map { unit in
                    LineChart.Series("unit \(unit)", x: x, y: x.map { $0 * Double(unit) })
                }),
            LineChart(
                xAxis: Axis("draws of z", scale: .logarithmic),
                yAxis: Axis("log p(x), at least", unit: "nats"),
                series: [
                    .init("importance-weighted", x: [1, 10, 100, 1000], y: [-105.2, -101, -100.4, -100.1])
                ]),
            BarChart(
                xAxis: Axis("estimator"), yAxis: Axis("variance", scale: .logarithmic),
                values: [1, 20, 300, 4000, 5e4, 6e5], names: names),
            BarChart(
                xAxis: Axis("latent unit, by rate"), yAxis: Axis("rate", unit: "nats"), values: x,
                order: .descending, limit: ReferenceLine(at: 12, label: "log n")),
            Histogram(xAxis: Axis("bound", unit: "nats"), counted: "images", values: x.map { $0 * 1e5 }),
            HeatMap(
                xAxis: Axis("factor"), yAxis: Axis("unit"), rows: x.map { "\($0)" },
                columns: ["shape", "scale", "rotation", "x", "y"],
                values: x.map { [$0 / 20, 0.1, 0.2, 0.3, 0.4] }, full: 1),
        ]
        for chart in charts {
            let drawing = try #require(SVG(chart.svg(size: size)))
            #expect(drawing.overprint == nil, "\(type(of: chart)) \(chart)")
        }
    }

    @Test("A bar with a base begins there, and the axis need not reach zero")
    func bases() throws {
        let chart = BarChart(
            xAxis: Axis("gap"), yAxis: Axis("log p(x)"), values: [-103, -100], errors: [0.1, 0.1],
            names: ["one", "two"], bases: [-105, -103])
        let drawing = try #require(SVG(chart.svg()))
        let path = try #require(
            drawing.elements.compactMap { $0.attributes["d"] }.first { $0.hasSuffix("z") })
        // Each bar is written "Mx yhwidth vheight h-width z".
        let bars = path.split(separator: "z").map { bar in
            let numbers = bar.dropFirst().split { " hv".contains($0) }.compactMap { Double($0) }
            return (top: numbers[1], height: numbers[3])
        }
        try #require(bars.count == 2)
        #expect(abs(bars[0].top - (bars[1].top + bars[1].height)) < 0.02)
        #expect(abs(bars[1].height / bars[0].height - 1.5) < 0.01)
        #expect(!drawing.texts.contains("0"))
        #expect(drawing.overprint == nil)
    }
}
