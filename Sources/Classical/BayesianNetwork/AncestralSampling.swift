import Tensors

extension BayesianNetwork {
    /// Draws rows from the network: every node given its parents, parents first.
    public func samples(_ count: Int, using generator: inout Generator) -> NetworkData {
        let columns = nodes.count
        var values = [Int32](repeating: 0, count: count * columns)
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<count {
                let entries = UnsafeMutableBufferPointer(
                    rebasing: values[row * columns..<(row + 1) * columns])
                for place in ancestralOrder {
                    entries[place] = draw(place, given: entries, using: &generator)
                }
            }
        }
        return NetworkData(values: values, columns: columns)
    }

    /// A category of a node, drawn given those of its parents.
    func draw(
        _ place: Int, given entries: UnsafeMutableBufferPointer<Int32>, using generator: inout Generator
    ) -> Int32 {
        let begin = rowBegin(of: place, entries)
        var rest = generator.unit()
        var last = 0
        for category in 0..<sizes[place] {
            let probability = nodes[place].table[begin + category]
            // What is impossible is not drawn, even where rounding leaves a little at the end.
            guard probability > 0 else { continue }
            last = category
            rest -= probability
            if rest < 0 { break }
        }
        return Int32(last)
    }

    /// The place in a node's table at which the row of its parents' categories begins.
    func rowBegin(of place: Int, _ entries: UnsafeMutableBufferPointer<Int32>) -> Int {
        var row = 0
        for parent in parents[place] { row = row * sizes[parent] + Int(entries[parent]) }
        return row * sizes[place]
    }
}

extension Generator {
    /// A number from [0, 1), of 53 bits.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
