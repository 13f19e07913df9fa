import Foundation

/// Variable elimination worked out for the shapes of the factors, to be carried out for many values of them.
///
///     Z(kept) = Σ_rest Π_i f_i,   in steps  g = Σ_v Π_{f with v} f
///
/// Gone through backwards, the steps give ∂ log Z / ∂ f_i for every factor at once; f_i times that is the posterior of the
/// factor's variables. All values live in one list: the factors, then what each step leaves.
///
/// Source: Zhang and Poole 1994; the backward pass is that of Darwiche 2003, "A differential approach to inference in
/// Bayesian networks".
struct EliminationPlan: Sendable {
    private struct Step: Sendable {
        /// How many factors are multiplied.
        let factors: Int
        /// For each entry of the product, the variable to be summed out fastest: the places of the factors' entries.
        let places: [Int32]
        /// The size of the variable that is summed out.
        let width: Int
        /// Where the results go.
        let output: Int
        let outputs: Int
    }

    /// Room for the values of one calculation, to be used again for the next.
    struct Workspace {
        fileprivate(set) var values: [Double]
        fileprivate(set) var adjoints: [Double]
        fileprivate var scales: [Double]
    }

    /// The most entries, those of each factor of a product counted, that all steps may have together: half a gigabyte.
    private static let limit = 1 << 27

    /// The most factors that a step multiplies: a product of thousands would underflow before anything is divided out.
    private static let chunk = 8

    /// The variables of a factor and where its entries begin.
    private typealias Factor = (scope: [Int], offset: Int)

    /// Where the entries of each factor are to be put.
    let inputs: [Range<Int>]
    private var steps: [Step] = []
    private var capacity: Int
    private var planned = 0.0
    /// Where Z(kept) is, in the order of `keeping`, the last variable fastest.
    private var result: Range<Int> { capacity - (steps.last?.outputs ?? 0)..<capacity }

    /// Plans the elimination.
    ///
    /// - Parameters:
    ///   - scopes: The variables of each factor, whose entries have the last variable fastest.
    ///   - kept: The variables that are left, in the order of the result.
    ///   - network: Knows the sizes of variables.
    /// - Throws: `NetworkError.tooWide`.
    init(_ scopes: [[Int]], keeping kept: [Int] = [], in network: BayesianNetwork) throws {
        let sizes = network.sizes
        var offset = 0
        inputs = scopes.map { scope in
            let begin = offset
            offset += scope.reduce(1) { $0 * sizes[$1] }
            return begin..<offset
        }
        capacity = offset
        var open: [Factor] = zip(scopes, inputs).map { ($0, $1.lowerBound) }
        for variable in EliminationOrder.minFill(scopes, keeping: Set(kept), sizes: sizes) {
            let chosen = try gathered(open.filter { $0.scope.contains(variable) }, in: network)
            open.removeAll { $0.scope.contains(variable) }
            let rest = Self.union(chosen).filter { $0 != variable }
            open.append((rest, capacity))
            try append(chosen, to: rest, summingOut: variable, in: network)
        }
        try append(gathered(open, in: network), to: kept, summingOut: nil, in: network)
    }

    private static func union(_ factors: some Sequence<Factor>) -> [Int] {
        Set(factors.flatMap(\.scope)).sorted()
    }

    /// At most `chunk` factors with the same product as these.
    private mutating func gathered(_ factors: [Factor], in network: BayesianNetwork) throws -> [Factor] {
        var open = factors[...]
        while open.count > Self.chunk {
            let part = Array(open.prefix(Self.chunk))
            let scope = Self.union(part)
            open.removeFirst(part.count)
            open.append((scope, capacity))
            try append(part, to: scope, summingOut: nil, in: network)
        }
        return Array(open)
    }

    private mutating func append(
        _ factors: [Factor], to rest: [Int], summingOut variable: Int?, in network: BayesianNetwork
    ) throws {
        let scope = rest + (variable.map { [$0] } ?? [])
        let entries = scope.reduce(1.0) { $0 * Double(network.sizes[$1]) }
        planned += entries * Double(max(factors.count, 1))
        guard planned <= Double(Self.limit) else {
            throw NetworkError.tooWide(node: network.nodes[variable ?? scope[0]].name, entries: entries)
        }
        var places = [Int32](repeating: 0, count: Int(entries) * factors.count)
        for (index, factor) in factors.enumerated() {
            let indices = Self.places(of: scope, in: factor.scope, sizes: network.sizes)
            for (entry, place) in indices.enumerated() {
                places[entry * factors.count + index] = Int32(factor.offset + place)
            }
        }
        let width = variable.map { network.sizes[$0] } ?? 1
        let outputs = Int(entries) / width
        steps.append(
            Step(factors: factors.count, places: places, width: width, output: capacity, outputs: outputs))
        capacity += outputs
    }

    /// For each entry of a table of `scope`, the place of what it says of `inner` in a table of that; both tables have
    /// their last variable fastest.
    static func places(of scope: [Int], in inner: [Int], sizes: [Int]) -> [Int] {
        var strides: [Int: Int] = [:]
        var stride = 1
        for variable in inner.reversed() {
            strides[variable] = stride
            stride *= sizes[variable]
        }
        return scope.reduce([0]) { places, variable in
            let stride = strides[variable] ?? 0
            return places.flatMap { place in (0..<sizes[variable]).map { place + $0 * stride } }
        }
    }

    /// Room for the calculations.
    var workspace: Workspace {
        Workspace(
            values: Array(repeating: 0, count: capacity), adjoints: Array(repeating: 0, count: capacity),
            scales: Array(repeating: 1, count: steps.count))
    }

    /// Carries the elimination out.
    ///
    /// Each step's results are divided by the largest, so that nothing underflows.
    ///
    /// - Parameters:
    ///   - workspace: Room for the values.
    ///   - fill: Writes the factors' entries at `inputs`.
    /// - Returns: log Σ_kept Z and Z / Σ_kept Z; −∞ and zeros where every entry is zero.
    func run(
        _ workspace: inout Workspace, _ fill: (inout [Double]) -> Void
    ) -> (logTotal: Double, distribution: [Double]) {
        fill(&workspace.values)
        var logScale = 0.0
        for (index, step) in steps.enumerated() {
            let largest = workspace.values.withUnsafeMutableBufferPointer { values in
                step.places.withUnsafeBufferPointer { Self.run(step, $0, values) }
            }
            guard largest > 0 else { return (-.infinity, Array(repeating: 0, count: result.count)) }
            workspace.scales[index] = largest
            logScale += log(largest)
        }
        let total = workspace.values[result].reduce(0, +)
        return (logScale + log(total), workspace.values[result].map { $0 / total })
    }

    private static func run(
        _ step: Step, _ places: UnsafeBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        var largest = 0.0
        var place = 0
        for output in 0..<step.outputs {
            var sum = 0.0
            for _ in 0..<step.width {
                var product = 1.0
                for _ in 0..<step.factors {
                    product *= values[Int(places[place])]
                    place += 1
                }
                sum += product
            }
            values[step.output + output] = sum
            largest = max(largest, sum)
        }
        guard largest > 0 else { return 0 }
        for output in 0..<step.outputs { values[step.output + output] /= largest }
        return largest
    }

    /// After `run`: puts the posterior of each factor's variables, f_i · ∂ log Σ Z / ∂ f_i, into `adjoints` at `inputs`.
    func differentiate(_ workspace: inout Workspace) {
        let total = workspace.values[result].reduce(0, +)
        workspace.adjoints.withUnsafeMutableBufferPointer { adjoints in
            workspace.values.withUnsafeBufferPointer { values in
                for index in 0..<capacity { adjoints[index] = 0 }
                for index in result { adjoints[index] = 1 / total }
                for (index, step) in steps.enumerated().reversed() {
                    let scale = workspace.scales[index]
                    step.places.withUnsafeBufferPointer {
                        Self.differentiate(step, $0, values, adjoints, scale: scale)
                    }
                }
                for input in inputs { for index in input { adjoints[index] *= values[index] } }
            }
        }
    }

    private static func differentiate(
        _ step: Step, _ places: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Double>,
        _ adjoints: UnsafeMutableBufferPointer<Double>, scale: Double
    ) {
        for entry in 0..<step.outputs * step.width {
            let weight = adjoints[step.output + entry / step.width] / scale
            guard weight > 0 else { continue }
            let begin = entry * step.factors
            for one in begin..<begin + step.factors {
                // The product of the others, not a quotient: factors may be zero.
                var product = weight
                for other in begin..<begin + step.factors where other != one {
                    product *= values[Int(places[other])]
                }
                adjoints[Int(places[one])] += product
            }
        }
    }
}
