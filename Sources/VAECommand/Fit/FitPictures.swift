import CommandLineKit
import Formats
import Foundation
import VAE

/// The pictures beside a fitted model: how it came about, and what it has found.
struct FitPictures {
    private let input: FitInput
    private let plotted: (Int, Int)?

    /// More rows than this make no better picture.
    private static let rowLimit = 5000

    init(_ input: FitInput, plotted: (Int, Int)?) {
        self.input = input
        self.plotted = input.rows.source.isPictorial ? nil : plotted
    }

    /// Draws centres; returns the files.
    func draw(_ fit: KMeansFit) throws -> [URL] {
        let curve = LineChart(
            xAxis: Axis("step"), yAxis: Axis("inertia"),
            series: [.init("inertia", x: fit.log.indices.map(Double.init), y: fit.log)])
        var files = [try write(curve, as: "convergence.svg")]
        if let centres = try images(fit.model.centres, as: "centres.png") { files.append(centres) }
        if let plotted {
            var chart = scatter(plotted, labels: fit.labels, components: fit.model.components)
            let centres = fit.model.centres
            chart.series.append(
                .init(
                    "centres", x: centres.selected(plotted.0, along: 1).array(),
                    y: centres.selected(plotted.1, along: 1).array()))
            files.append(try write(chart, as: "clusters.svg"))
        }
        return files
    }

    /// Draws components; returns the files.
    func draw(_ fit: MixtureFit) throws -> [URL] {
        var step = 0
        let curve = LineChart(
            xAxis: Axis("step"), yAxis: Axis("log p(x) a row", unit: "nats"),
            series: fit.logs.enumerated().map { number, log in
                defer { step += log.count }
                return .init(
                    number == 0 ? "from the start" : "begun anew \(number)",
                    x: log.indices.map { Double(step + $0) }, y: log)
            })
        var files = [try write(curve, as: "convergence.svg")]
        if let means = try images(fit.model.means, as: "means.png") { files.append(means) }
        if let plotted {
            let (x, y) = plotted
            var chart = scatter(
                plotted, labels: fit.model.codes(of: input.rows.values), components: fit.model.components)
            let part = fit.model.marginal(of: [x, y])
            let (means, matrices) = (part.means.array(of: Double.self), part.matrices.array(of: Double.self))
            chart.ellipses = (0..<part.components).map { k in
                .init(
                    mean: (means[2 * k], means[2 * k + 1]),
                    covariance: (matrices[4 * k], matrices[4 * k + 1], matrices[4 * k + 3]), series: k)
            }
            files.append(try write(chart, as: "components.svg"))
        }
        return files
    }

    /// The rows in two of their columns, coloured by component.
    private func scatter(_ columns: (Int, Int), labels: Tensor, components: Int) -> ScatterChart {
        let source = input.rows.source
        let values = input.rows.values.sliced(along: 0, from: 0, to: Self.rowLimit)
        let (x, y) = (
            values.selected(columns.0, along: 1).array(of: Double.self),
            values.selected(columns.1, along: 1).array(of: Double.self)
        )
        let codes = labels.sliced(along: 0, from: 0, to: Self.rowLimit).array(of: Int.self)
        return ScatterChart(
            xAxis: Axis(source.names[columns.0]), yAxis: Axis(source.names[columns.1]),
            series: (0..<components).map { k in
                let places = codes.indices.filter { codes[$0] == k }
                return .init("\(k)", x: places.map { x[$0] }, y: places.map { y[$0] })
            }, hasEqualScales: source.sharesUnit)
    }

    /// Rows that are images as one picture; `nil` where they are none.
    private func images(_ rows: Tensor, as name: String) throws -> URL? {
        let source = input.rows.source
        guard source.isPictorial, rows.count <= ImageBuffer.pixelLimit / 4 else { return nil }
        let url = input.beside(name)
        try Pictures.write(
            rows.reshaped([-1] + source.shape), columns: squareSide(of: rows.size(along: 0)), to: url)
        return url
    }

    private func write(_ plot: some Plot, as name: String) throws -> URL {
        let url = input.beside(name)
        try AtomicFile.write(plot.svg(), to: url)
        return url
    }
}
