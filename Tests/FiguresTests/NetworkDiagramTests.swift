import Figures
import Testing

@Suite struct NetworkDiagramTests {
    private static func diagram(_ parents: [[Int]], hidden: Set<Int> = []) -> NetworkDiagram {
        NetworkDiagram(
            nodes: parents.enumerated().map { place, own in
                let rows = 1 << own.count
                return .init(
                    "node \(place)", categories: ["a", "b"], parents: own,
                    labels: (0..<rows).map { own.isEmpty ? "" : "row \($0)" },
                    rows: (0..<rows).map { [Double($0) / 16, 1 - Double($0) / 16] },
                    isHidden: hidden.contains(place))
            })
    }

    private static let graphs: [[[Int]]] = [
        [[]], [[], [], []], [[], [0], [0], [1, 2]], [[], [0], [1], [0, 2], [0, 3, 1]],
        (0..<20).map { $0 == 0 ? [] : Array(Set([($0 - 1) / 2, $0 / 3, $0 - 1])).sorted() },
    ]

    @Test("Boxes do not overlap, lie inside the drawing, and stand below their parents", arguments: graphs)
    func layout(parents: [[Int]]) {
        let sizes = parents.indices.map {
            (width: 40 + Double($0 * 37 % 90), height: 20 + Double($0 * 11 % 50))
        }
        let layout = LayeredLayout(sizes, parents: parents)
        #expect(layout.boxes.count == parents.count)
        for (place, box) in layout.boxes.enumerated() {
            #expect(box.x >= -1e-9 && box.x + box.width <= layout.width + 1e-9)
            #expect(box.y >= 0 && box.y + box.height <= layout.height + 1e-9)
            for other in layout.boxes[..<place] {
                let isApart =
                    box.x >= other.x + other.width || other.x >= box.x + box.width
                    || box.y >= other.y + other.height || other.y >= box.y + box.height
                #expect(isApart, "\(box) \(other)")
            }
            for parent in parents[place] {
                #expect(layout.boxes[parent].y + layout.boxes[parent].height < box.y)
            }
        }
    }

    @Test("Where an arrow passes a row, no box stands", arguments: graphs)
    func arrowsPassBesideBoxes(parents: [[Int]]) {
        let layout = LayeredLayout(parents.map { _ in (60, 30) }, parents: parents)
        for stretch in layout.arrows.joined().joined() {
            for box in layout.boxes where box.y >= stretch.top && box.y + box.height <= stretch.bottom {
                #expect(stretch.x <= box.x || stretch.x >= box.x + box.width)
            }
        }
    }

    @Test("Arrows that need not cross do not")
    func crossings() {
        // Two chains whose children are given in the wrong order.
        let layout = LayeredLayout(Array(repeating: (50, 20), count: 4), parents: [[], [], [1], [0]])
        let isSame = (layout.boxes[0].x < layout.boxes[1].x) == (layout.boxes[3].x < layout.boxes[2].x)
        #expect(isSame)
    }

    @Test("Every node is drawn with its table, every arrow with a head", arguments: graphs)
    func drawing(parents: [[Int]]) throws {
        let drawing = try #require(SVG(Self.diagram(parents, hidden: [0]).svg()))
        let boxes = drawing.elements.filter { $0.name == "rect" }
        #expect(boxes.count == parents.count)
        #expect(boxes.filter { $0.attributes["class"] == "box hidden" }.count == 1)
        let heads = drawing.elements.filter { $0.attributes["class"] == "head" }
        #expect(heads.count == parents.reduce(0) { $0 + $1.count })
        for place in parents.indices { #expect(drawing.texts.contains("node \(place)")) }
        #expect(drawing.texts.filter { $0 == "0.000" }.count >= parents.count)
        #expect(drawing.size.width >= 768)
    }

    @Test func longTablesAreCutWithARemark() throws {
        let drawing = try #require(SVG(Self.diagram([[], [], [], [], [0, 1, 2, 3]]).svg()))
        #expect(drawing.texts.contains("… and 8 rows more"))
        #expect(drawing.texts.contains("row 7") && !drawing.texts.contains("row 8"))
    }

    @Test func namesCannotBreakOut() throws {
        let hostile = "</text><script>alert(1)</script>&\""
        let diagram = NetworkDiagram(
            title: hostile,
            nodes: [.init(hostile, categories: [hostile], labels: [""], rows: [[1]])])
        let drawing = try #require(SVG(diagram.svg()))
        #expect(!drawing.elements.contains { $0.name == "script" })
        #expect(drawing.texts.filter { $0 == hostile }.count == 3)
    }

    @Test func aNetworkWithoutNodesIsADrawing() throws {
        #expect(SVG(NetworkDiagram(nodes: []).svg()) != nil)
    }
}
