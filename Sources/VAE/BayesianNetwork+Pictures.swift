import Classical
import Figures

extension BayesianNetwork {
    /// The network with its tables, as a drawing.
    ///
    /// - Parameters:
    ///   - title: The text above, or nil for none.
    ///   - hidden: The places of nodes that nobody sees; their borders are dashed.
    /// - Returns: The drawing.
    public func diagram(title: String? = nil, hidden: Set<Int> = []) -> NetworkDiagram {
        // In the order in which no arrow leads back.
        let places = Dictionary(uniqueKeysWithValues: ancestralOrder.enumerated().map { ($1, $0) })
        return NetworkDiagram(
            title: title,
            nodes: ancestralOrder.map { place in
                let node = nodes[place]
                let width = sizes[place]
                let rows = stride(from: 0, to: node.table.count, by: width).map {
                    Array(node.table[$0..<$0 + width])
                }
                return NetworkDiagram.Node(
                    node.name, categories: node.categories, parents: parents[place].compactMap { places[$0] },
                    labels: rows.indices.map { row in
                        parentCategories(ofRow: row, of: place).joined(separator: ", ")
                    },
                    rows: rows, isHidden: hidden.contains(place))
            })
    }
}

extension NetworkFit.Result {
    /// What is maximised by step, a curve for each start.
    ///
    /// Each curve begins after the first step: what a random start comes from would hide what follows.
    public func convergenceChart(title: String? = nil) -> LineChart {
        // With smoothing it is more than the likelihood.
        let hasPrior = runs.contains { $0.objectives.last != $0.logLikelihood }
        return LineChart(
            title: title, xAxis: Axis("step"),
            yAxis: Axis(hasPrior ? "log p(data) + a Σ log θ" : "log p(data)", unit: "nats"),
            series: runs.enumerated().map { place, run in
                let first = min(1, run.objectives.count - 1)
                return LineChart.Series(
                    "start \(place + 1)",
                    x: run.objectives.indices.dropFirst(first).map(Double.init),
                    y: Array(run.objectives.dropFirst(first)))
            })
    }
}
