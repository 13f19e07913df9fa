import Foundation

/// A Bayesian network: a box for each node with its table, and an arrow from each parent to its child.
///
/// The drawing is as large as the network; a page scales it down to its own width.
public struct NetworkDiagram: Plot {
    /// A node with its table.
    public struct Node: Sendable, Equatable {
        /// The name.
        public var name: String
        /// What its values are called.
        public var categories: [String]
        /// The places of its parents among the nodes.
        public var parents: [Int]
        /// What the parents are in each row, such as "yes, no"; one empty label for a node without parents.
        public var labels: [String]
        /// The probability of each category, row by row.
        public var rows: [[Double]]
        /// Whether nobody sees it, so that its border is dashed.
        public var isHidden: Bool

        /// A node.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - categories: What its values are called.
        ///   - parents: The places of its parents among the nodes.
        ///   - labels: What the parents are in each row.
        ///   - rows: The probability of each category, row by row.
        ///   - isHidden: Whether nobody sees it.
        /// - Precondition: There are as many labels as rows, and as many numbers in each as categories.
        public init(
            _ name: String, categories: [String], parents: [Int] = [], labels: [String], rows: [[Double]],
            isHidden: Bool = false
        ) {
            precondition(
                labels.count == rows.count && rows.allSatisfy { $0.count == categories.count },
                "NetworkDiagram.Node '\(name)': \(labels.count) labels, \(rows.count) rows and "
                    + "\(categories.count) categories do not fit.")
            self.name = name
            self.categories = categories
            self.parents = parents
            self.labels = labels
            self.rows = rows
            self.isHidden = isHidden
        }
    }

    /// The most rows of a table that are shown.
    private static let rowLimit = 8
    private static let (lineHeight, margin, textSize) = (18.0, 10.0, 12.0)

    /// The text above the drawing, or nil for none.
    public var title: String?
    /// The nodes.
    public var nodes: [Node]

    /// A drawing of nodes.
    ///
    /// - Parameters:
    ///   - title: The text above the drawing, or nil for none.
    ///   - nodes: The nodes, in an order in which no arrow leads back.
    /// - Precondition: No arrows go in a circle.
    public init(title: String? = nil, nodes: [Node]) {
        self.title = title
        self.nodes = nodes
    }

    /// The drawing as one `svg` element, no narrower than `size`.
    public func svg(size: PlotSize) -> String {
        let tables = nodes.map { Table($0, parentNames: $0.parents.map { nodes[$0].name }) }
        let layout = LayeredLayout(tables.map(\.size), parents: nodes.map(\.parents))
        let top = title == nil ? 4.0 : 40.0
        let width = max(layout.width + 4, size.width)
        let left = (width - layout.width) / 2
        let height = top + layout.height + 4
        let lines = nodes.indices.map { arrows(to: $0, layout, left, top) }.joined()
        let boxes = zip(zip(nodes, tables), layout.boxes).map { pair, box in
            pair.1.markup(at: left + box.x, top + box.y, isHidden: pair.0.isHidden)
        }.joined()
        let heading = title.map { Self.text($0, 0, 20, "title") } ?? ""
        let name = Markup.escaped(title ?? "network of " + nodes.map(\.name).joined(separator: ", "))
        let (w, h) = (Markup.coordinate(width), Markup.coordinate(height))
        return """
            <svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(w) \(h)" \
            width="\(w)" height="\(h)" role="img" aria-label="\(name)">
            <style>\(Palette.style)
            \(Self.style)</style>
            \(heading)<g class="marks">\(lines)\(boxes)</g>
            </svg>
            """
    }

    private static let style = """
        .plot .box{fill:#fff;stroke:#646f7a}
        .plot .hidden{stroke-dasharray:5 4}
        .plot .arrow{stroke:#646f7a;stroke-width:1.2;fill:none}
        .plot .head{fill:#646f7a}
        @media screen and (prefers-color-scheme:dark){
        .plot .box{fill:#14181d;stroke:#98a3ae}
        .plot .arrow{stroke:#98a3ae}
        .plot .head{fill:#98a3ae}
        }
        """

    /// The arrows to a node: from the middle of each parent's lower edge, side by side onto the upper one.
    private func arrows(
        to node: Int, _ layout: LayeredLayout, _ left: Double, _ top: Double
    ) -> String {
        let box = layout.boxes[node]
        let parents = nodes[node].parents
        func middle(_ box: LayeredLayout.Box) -> Double { box.x + box.width / 2 }
        // Side by side in the order in which they come in.
        let ranks = parents.indices.sorted {
            let (one, other) = (layout.arrows[node][$0].last?.x, layout.arrows[node][$1].last?.x)
            return (one ?? middle(layout.boxes[parents[$0]])) < (other ?? middle(layout.boxes[parents[$1]]))
        }
        let step = min(14, box.width / Double(parents.count + 1))
        return ranks.enumerated().map { rank, index in
            let parent = layout.boxes[parents[index]]
            var (x, y) = (left + middle(parent), top + parent.y + parent.height)
            var path = "M\(Markup.coordinate(x)) \(Markup.coordinate(y))"
            func curve(to endX: Double, _ endY: Double) {
                let half = (y + endY) / 2
                let places = [(x, half), (endX, half), (endX, endY)]
                path +=
                    "C"
                    + places.map { "\(Markup.coordinate($0)) \(Markup.coordinate($1))" }
                    .joined(separator: " ")
            }
            for stretch in layout.arrows[node][index] {
                curve(to: left + stretch.x, top + stretch.top)
                (x, y) = (left + stretch.x, top + stretch.bottom)
                path += "V\(Markup.coordinate(y))"
            }
            let end = left + middle(box) + (Double(rank) - Double(parents.count - 1) / 2) * step
            curve(to: end, top + box.y - 7)
            let head = "M\(Markup.coordinate(end)) \(Markup.coordinate(top + box.y))l-4 -8h8z"
            return "<path class=\"arrow\" d=\"\(path)\"/><path class=\"head\" d=\"\(head)\"/>"
        }.joined()
    }

    private static func text(
        _ content: String, _ x: Double, _ y: Double, _ name: String, anchor: String = "start"
    ) -> String {
        """
        <text class="\(name)" x="\(Markup.coordinate(x))" y="\(Markup.coordinate(y))" \
        text-anchor="\(anchor)">\(Markup.escaped(content))</text>
        """
    }

    /// A node's box: its name, the headings, the rows that there is room for.
    private struct Table {
        private let name: String
        private let cells: [[String]]
        private let remark: String?
        private let widths: [Double]
        let size: (width: Double, height: Double)

        init(_ node: Node, parentNames: [String]) {
            name = node.name
            let shown = node.rows.prefix(NetworkDiagram.rowLimit)
            remark =
                shown.count < node.rows.count ? "… and \(node.rows.count - shown.count) rows more" : nil
            let heading = [parentNames.joined(separator: ", ")] + node.categories
            let cells = [heading] + zip(node.labels, shown).map { [$0] + $1.map(Self.number) }
            let widths = heading.indices.map { column in
                cells.map { Markup.width(of: $0[column], size: textSize) }.max() ?? 0
            }
            (self.cells, self.widths) = (cells, widths)
            let between = node.parents.isEmpty ? 0 : 14.0
            let inner = widths.reduce(0, +) + 14 * Double(node.categories.count - 1) + between
            let texts = [name, remark ?? ""].map { Markup.width(of: $0, size: textSize) }
            let lines = Double(cells.count + 1 + (remark == nil ? 0 : 1))
            size = (max(inner, texts.max() ?? 0) + 2 * margin, lines * lineHeight + margin)
        }

        func markup(at x: Double, _ y: Double, isHidden: Bool) -> String {
            let (width, height) = (Markup.coordinate(size.width), Markup.coordinate(size.height))
            var text = """
                <rect class="box\(isHidden ? " hidden" : "")" x="\(Markup.coordinate(x))" \
                y="\(Markup.coordinate(y))" width="\(width)" height="\(height)" rx="6"/>
                """
            var line = y + lineHeight
            text += NetworkDiagram.text(name, x + size.width / 2, line, "name", anchor: "middle")
            for (row, cells) in cells.enumerated() {
                line += lineHeight
                var right = x + size.width - margin
                for column in cells.indices.dropFirst().reversed() {
                    text += NetworkDiagram.text(
                        cells[column], right, line, row == 0 ? "quiet" : "ink", anchor: "end")
                    right -= widths[column] + 14
                }
                if !cells[0].isEmpty { text += NetworkDiagram.text(cells[0], x + margin, line, "quiet") }
            }
            if let remark {
                text += NetworkDiagram.text(remark, x + margin, line + lineHeight, "quiet")
            }
            return text
        }

        /// Three decimals, or a power of ten where they would show nothing.
        private static func number(_ value: Double) -> String {
            value > 0 && value < 5e-4 ? String(format: "%.0e", value) : String(format: "%.3f", value)
        }
    }
}
