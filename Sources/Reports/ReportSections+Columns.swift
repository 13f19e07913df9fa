import Evaluation
import Figures
import Foundation
import Tensors

// The columns of a table: the data, what the model makes of them, and what it imagines.
extension ReportSections {
    /// How many columns a table lists, and the pair in the plane is sought among.
    private static let tabledColumns = 20
    /// How many columns have a chart of their own.
    private static let drawnColumns = 6

    /// The data column by column, beside reconstructions and samples.
    ///
    /// - Parameters:
    ///   - names: What to call the columns.
    ///   - data: Held-out examples as the model sees them, `[count, columns]`.
    ///   - reconstructions: Of the same examples.
    ///   - samples: As many draws of the model, noise included; `nil` for a model without a prior.
    /// - Returns: The section.
    package func columnsSection(
        names: [String], data: Tensor, reconstructions: Tensor, samples: Tensor?
    ) -> ReportPage.Section {
        let places = 0..<min(names.count, Self.tabledColumns)
        func columns(_ rows: Tensor) -> [[Double]] {
            places.map { rows.selected($0, along: 1).array(of: Double.self) }
        }
        let (shown, restored, drawn) = (columns(data), columns(reconstructions), samples.map(columns))
        var section = ReportPage.Section("The columns")
        if let pair = Self.strongestPair(of: shown) {
            section.add(plane(pair, names, shown, drawn))
        }
        section.add(
            sideBySide: places.prefix(Self.drawnColumns).map { place in
                histogram(names[place], place, shown[place], drawn?[place])
            })
        section.add(table(names, shown, restored, drawn, of: names.count))
        return section
    }

    private func table(
        _ names: [String], _ data: [[Double]], _ restored: [[Double]], _ samples: [[Double]]?, of count: Int
    ) -> ReportPage.Table {
        func spread(_ values: [Double]) -> [String] {
            let estimate = Estimate(of: values)
            return [estimate.mean, estimate.standardError * Double(values.count).squareRoot()].map(short)
        }
        let rows = data.indices.map { place in
            let errors = zip(data[place], restored[place]).map { ($0 - $1) * ($0 - $1) }
            let error = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
            return [names[place]] + spread(data[place]) + (samples.map { spread($0[place]) } ?? []) + [
                short(error)
            ]
        }
        return ReportPage.Table(
            columns: [.text("column"), .number("data: mean"), .number("deviation")]
                + (samples == nil ? [] : [.number("samples: mean"), .number("deviation")])
                + [.number("error of reconstructions")],
            rows: rows,
            caption: """
                Mean and standard deviation of \(data[0].count) held-out rows\
                \(samples == nil ? "" : " and of as many samples"), and the root mean square error of the rows' \
                reconstructions, which is as large as the deviation where the code says nothing of a column.\
                \(data.count < count ? " The first \(data.count) of \(count) columns." : "")
                """)
    }

    private func plane(
        _ pair: (Int, Int), _ names: [String], _ data: [[Double]], _ samples: [[Double]]?
    ) -> ReportPage.Figure {
        let kinds = [("samples", samples), ("data", data)].compactMap { name, columns in
            columns.map { ScatterChart.Series(name, x: $0[pair.0], y: $0[pair.1]) }
        }
        var chart = ScatterChart(
            xAxis: Axis(names[pair.0]), yAxis: Axis(names[pair.1]), series: kinds, hasEqualScales: false)
        chart.namesMiddles = false
        return ReportPage.Figure(
            chart, name: "columns",
            caption: """
                The two columns that hang together most: held-out rows\
                \(samples == nil ? "." : " over samples, which are drawn from p(z) and then from p(x | z).")
                """)
    }

    /// How often values of a column fall into each of some equal parts of its range.
    private func histogram(
        _ name: String, _ place: Int, _ data: [Double], _ samples: [Double]?
    ) -> ReportPage.Figure {
        let (low, high) = (data.min() ?? 0, data.max() ?? 0)
        let parts = 16
        let width = (high > low ? high - low : 1) / Double(parts)
        func shares(_ values: [Double]) -> [Double] {
            var counts = [Double](repeating: 0, count: parts + 2)
            for value in values where value.isFinite {
                let part = ((value - low) / width).rounded(.down)
                // What lies outside the range of the data is counted on either side of it; the highest belongs to the last.
                counts[Int(min(max(value == high ? Double(parts) - 1 : part, -1), Double(parts))) + 1] += 1
            }
            return counts.map { $0 / Double(values.count) }
        }
        let middles = (-1...parts).map { low + (Double($0) + 0.5) * width }
        let series = [("samples", samples), ("data", data)].compactMap { name, values in
            values.map { LineChart.Series(name, x: middles, y: shares($0)) }
        }
        return ReportPage.Figure(
            LineChart(xAxis: Axis(name), yAxis: Axis("share of the rows"), series: series),
            name: "column-\(place)",
            caption: "How \(name) is spread. The ends count what lies beyond the data.")
    }

    /// The two columns with the largest correlation; `nil` where there is one column.
    private static func strongestPair(of columns: [[Double]]) -> (Int, Int)? {
        let standard = columns.map { values in
            let mean = values.reduce(0, +) / Double(values.count)
            let size = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
            return values.map { size > 0 ? ($0 - mean) / size : 0 }
        }
        let pairs = columns.indices.flatMap { one in columns.indices.dropFirst(one + 1).map { (one, $0) } }
        func correlation(_ pair: (Int, Int)) -> Double {
            abs(zip(standard[pair.0], standard[pair.1]).reduce(0) { $0 + $1.0 * $1.1 })
        }
        return pairs.map { ($0, correlation($0)) }.max { $0.1 < $1.1 }?.0
    }
}
