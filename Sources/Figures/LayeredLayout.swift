/// Places for the boxes of a graph without circles: rows from parents to children, with few crossings.
///
/// Each box stands one row below its lowest parent. An arrow over several rows passes through a slot of its own in the rows
/// between, so that it crosses no box. Boxes in a row are ordered by where their neighbours are, and then moved as near
/// to them as the gaps allow.
///
/// Source: Sugiyama, Tagawa, Toda 1981, "Methods for visual understanding of hierarchical system structures".
package struct LayeredLayout {
    /// A box's upper left corner and size.
    package struct Box: Equatable {
        package var x: Double
        package var y: Double
        package let width: Double
        package let height: Double
    }

    /// The boxes, in the order in which they were given.
    package private(set) var boxes: [Box] = []
    /// For each box, for each of its parents: the places that the arrow from it passes, each a vertical stretch.
    package private(set) var arrows: [[[(x: Double, top: Double, bottom: Double)]]] = []
    /// The size of the whole.
    package private(set) var width = 0.0
    /// The size of the whole.
    package private(set) var height = 0.0

    private struct Slot {
        let row: Int
        let width: Double
        var x = 0.0
        var above: [Int] = []
        var below: [Int] = []
    }

    private static let gap = (across: 28.0, down: 52.0)
    private var slots: [Slot]
    private var rows: [[Int]]

    /// Lays boxes out.
    ///
    /// - Parameters:
    ///   - sizes: The width and height of each box.
    ///   - parents: The boxes from which arrows lead to each.
    /// - Precondition: No arrows go in a circle.
    package init(_ sizes: [(width: Double, height: Double)], parents: [[Int]]) {
        let depths = Self.depths(parents)
        slots = zip(sizes, depths).map { Slot(row: $1, width: $0.width) }
        rows = Array(repeating: [], count: (depths.max() ?? -1) + 1)
        for (box, depth) in depths.enumerated() { rows[depth].append(box) }
        var chains: [[[Int]]] = []
        for (box, own) in parents.enumerated() {
            chains.append(own.map { parent in connect(parent, box) })
        }
        order()
        placeAcross()
        finish(sizes, chains)
    }

    /// The row of each box.
    private static func depths(_ parents: [[Int]]) -> [Int] {
        var depths = [Int](repeating: 0, count: parents.count)
        for _ in parents.indices {
            for (box, own) in parents.enumerated() {
                depths[box] = own.reduce(depths[box]) { max($0, depths[$1] + 1) }
            }
        }
        precondition(
            zip(depths, parents).allSatisfy { depth, own in own.allSatisfy { depths[$0] < depth } },
            "LayeredLayout: the arrows go in a circle.")
        return depths
    }

    /// Makes slots for an arrow in the rows between, and returns them.
    private mutating func connect(_ parent: Int, _ child: Int) -> [Int] {
        var last = parent
        var chain: [Int] = []
        for row in slots[parent].row + 1..<slots[child].row {
            let slot = slots.count
            slots.append(Slot(row: row, width: 4))
            rows[row].append(slot)
            chain.append(slot)
            link(last, slot)
            last = slot
        }
        link(last, child)
        return chain
    }

    private mutating func link(_ upper: Int, _ lower: Int) {
        slots[upper].below.append(lower)
        slots[lower].above.append(upper)
    }

    /// Sorts each row by the mean place of the neighbours above, then below, again and again; keeps the best order.
    private mutating func order() {
        var best = (crossings: crossings, rows: rows)
        for sweep in 0..<12 where best.crossings > 0 {
            let isDown = sweep % 2 == 0
            for row in isDown ? Array(rows.indices.dropFirst()) : Array(rows.indices.dropLast().reversed()) {
                let others = Dictionary(
                    uniqueKeysWithValues: rows[isDown ? row - 1 : row + 1].enumerated().map {
                        ($1, Double($0))
                    })
                let keys = rows[row].enumerated().map { place, slot in
                    let around = isDown ? slots[slot].above : slots[slot].below
                    let mean = around.reduce(0) { $0 + (others[$1] ?? 0) } / Double(max(around.count, 1))
                    return (key: around.isEmpty ? Double(place) : mean, place: place, slot: slot)
                }
                rows[row] = keys.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.slot)
            }
            let found = crossings
            if found < best.crossings { best = (found, rows) }
        }
        rows = best.rows
    }

    /// How many pairs of arrows between neighbouring rows cross.
    private var crossings: Int {
        rows.indices.dropFirst().reduce(0) { sum, row in
            let upper = Dictionary(uniqueKeysWithValues: rows[row - 1].enumerated().map { ($1, $0) })
            let ends = rows[row].map { slot in slots[slot].above.compactMap { upper[$0] } }
            var count = 0
            for (right, some) in ends.enumerated() {
                for others in ends[..<right] {
                    for one in some { count += others.count { $0 > one } }
                }
            }
            return sum + count
        }
    }

    /// Gives every slot the place of its middle.
    private mutating func placeAcross() {
        for row in rows { place(row, near: row.map { _ in 0 }) }
        for sweep in 0..<20 {
            for row in sweep % 2 == 0 ? rows : rows.reversed() {
                place(
                    row,
                    near: row.map { slot in
                        let around = slots[slot].above + slots[slot].below
                        guard !around.isEmpty else { return slots[slot].x }
                        return around.reduce(0) { $0 + slots[$1].x } / Double(around.count)
                    })
            }
        }
    }

    /// Puts the middles of a row near the wanted places, with the gaps kept.
    private mutating func place(_ row: [Int], near wanted: [Double]) {
        func distance(_ index: Int) -> Double {
            (slots[row[index]].width + slots[row[index + 1]].width) / 2 + Self.gap.across
        }
        var (pushedRight, pushedLeft) = (wanted, wanted)
        for index in row.indices.dropFirst() {
            pushedRight[index] = max(wanted[index], pushedRight[index - 1] + distance(index - 1))
        }
        for index in row.indices.dropLast().reversed() {
            pushedLeft[index] = min(wanted[index], pushedLeft[index + 1] - distance(index))
        }
        // Both keep the gaps, and so does what lies between.
        for (index, slot) in row.enumerated() { slots[slot].x = (pushedRight[index] + pushedLeft[index]) / 2 }
    }

    private mutating func finish(_ sizes: [(width: Double, height: Double)], _ chains: [[[Int]]]) {
        let left = slots.map { $0.x - $0.width / 2 }.min() ?? 0
        width = (slots.map { $0.x + $0.width / 2 }.max() ?? 0) - left
        var tops: [Double] = []
        for row in rows {
            tops.append(height)
            height +=
                (row.compactMap { $0 < sizes.count ? sizes[$0].height : nil }.max() ?? 0) + Self.gap.down
        }
        height = max(0, height - Self.gap.down)
        boxes = sizes.indices.map { box in
            Box(
                x: slots[box].x - left - sizes[box].width / 2, y: tops[slots[box].row],
                width: sizes[box].width, height: sizes[box].height)
        }
        let bottoms = tops.dropFirst().map { $0 - Self.gap.down } + [height]
        arrows = chains.map { chains in
            chains.map { chain in
                chain.map { (slots[$0].x - left, tops[slots[$0].row], bottoms[slots[$0].row]) }
            }
        }
    }
}
