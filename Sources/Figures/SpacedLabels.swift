/// Names at places of a drawing, each moved up or down as far as it takes to leave the others readable.
struct SpacedLabels {
    /// A name with the middle of its text.
    typealias Label = (text: String, x: Double, y: Double)

    /// The height of a line of text, in drawing units.
    private static let lineHeight = 18.0
    private static let textSize = 15.0

    private let area: PlotArea
    /// The names that have a place, in the order in which they were added.
    private(set) var placed: [Label] = []

    /// No names yet.
    init(in area: PlotArea) {
        self.area = area
    }

    /// Adds a name at the free place nearest to its own; one that finds no place is left to the legend.
    mutating func add(_ text: String, at place: (x: Double, y: Double)) {
        let lines = Int(area.height / Self.lineHeight)
        let shifts = [0] + (1...max(1, lines)).flatMap { [$0, -$0] }
        let free = shifts.lazy.map { place.y + Double($0) * Self.lineHeight }.first { y in
            y >= area.top && y <= area.bottom && !placed.contains { overlaps($0, text, place.x, y) }
        }
        if let free { placed.append((text, place.x, free)) }
    }

    private func overlaps(_ other: Label, _ text: String, _ x: Double, _ y: Double) -> Bool {
        let widths =
            Markup.width(of: other.text, size: Self.textSize) + Markup.width(of: text, size: Self.textSize)
        return abs(other.x - x) < widths / 2 + 4 && abs(other.y - y) < Self.lineHeight
    }
}
