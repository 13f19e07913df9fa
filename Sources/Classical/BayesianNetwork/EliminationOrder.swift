/// The order in which to sum variables out of a product of factors.
enum EliminationOrder {
    /// Takes, again and again, the variable whose neighbours need the fewest new pairs to become neighbours of each
    /// other; of several, that with the smallest table, and then the first.
    ///
    /// - Parameters:
    ///   - scopes: The variables of each factor.
    ///   - kept: Variables that are not summed out.
    ///   - sizes: How many values each variable has.
    /// - Returns: The variables of `scopes` but for `kept`.
    static func minFill(_ scopes: [[Int]], keeping kept: Set<Int>, sizes: [Int]) -> [Int] {
        var neighbours: [Int: Set<Int>] = [:]
        for scope in scopes {
            for variable in scope { neighbours[variable, default: []].formUnion(scope) }
        }
        for variable in neighbours.keys { neighbours[variable]?.remove(variable) }
        var costs: [Int: (fill: Int, size: Double)] = [:]
        var order: [Int] = []
        var open = neighbours.keys.filter { !kept.contains($0) }.sorted()
        for variable in open { costs[variable] = cost(of: variable, neighbours, sizes) }
        while !open.isEmpty {
            var best = open[0]
            for variable in open.dropFirst() {
                if let new = costs[variable], let old = costs[best], new < old { best = variable }
            }
            let clique = neighbours.removeValue(forKey: best) ?? []
            for one in clique {
                neighbours[one]?.formUnion(clique)
                neighbours[one]?.subtract([one, best])
            }
            open.removeAll { $0 == best }
            order.append(best)
            // Pairs may have come to be neighbours around these, and around their neighbours, alone.
            let touched = clique.reduce(into: clique) { $0.formUnion(neighbours[$1] ?? []) }
            for variable in touched where !kept.contains(variable) {
                costs[variable] = cost(of: variable, neighbours, sizes)
            }
        }
        return order
    }

    private static func cost(
        of variable: Int, _ neighbours: [Int: Set<Int>], _ sizes: [Int]
    ) -> (fill: Int, size: Double) {
        let around = Array(neighbours[variable] ?? [])
        var fill = 0
        for (index, one) in around.enumerated() {
            let known = neighbours[one] ?? []
            for other in around[(index + 1)...] where !known.contains(other) { fill += 1 }
        }
        return (fill, around.reduce(Double(sizes[variable])) { $0 * Double(sizes[$1]) })
    }
}
