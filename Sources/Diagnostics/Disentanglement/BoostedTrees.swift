/// Gradient boosting of regression trees with squared error: what features say of targets, and which of them says it.
///
///     f_t(x) = f_{t−1}(x) + rate · tree_t(x),   tree_t fitted to what f_{t−1} leaves of the targets
///
/// A tree has a leaf for each path of `depth` questions "is the feature at most so much?", asked at quantiles of the
/// features. Several targets share each tree: of zeros and ones for classes this is boosting by the Gini impurity.
///
/// Source: Friedman 2001, "Greedy function approximation: a gradient boosting machine", algorithm 2.
package struct BoostedTrees {
    /// Sizes, by default those of scikit-learn's `GradientBoostingRegressor`.
    package struct Settings {
        package var trees = 100
        package var depth = 3
        package var rate = 0.1
        /// Quantiles at which a feature may be asked.
        package var bins = 64

        package init() {}
    }

    /// What a feature adds up to in lower squared error over all trees, at least 0; one number for each feature.
    package private(set) var importances: [Double]
    private let edges: [[Double]]
    private let start: [Double]
    private var trees: [Tree] = []

    /// Trees fitted to targets.
    ///
    /// - Parameters:
    ///   - targets: One list of values over the examples for each.
    ///   - features: One list of values over the same examples for each.
    ///   - settings: Sizes.
    package init(fitting targets: [[Double]], to features: [[Double]], settings: Settings = Settings()) {
        importances = [Double](repeating: 0, count: features.count)
        edges = features.map { Self.edges(of: $0, bins: settings.bins) }
        start = targets.map { Moments(of: $0).mean }
        let binned = zip(features, edges).map { feature, edges in feature.map { Self.bin($0, edges) } }
        var rest = zip(targets, start).map { target, mean in target.map { $0 - mean } }
        for _ in 0..<settings.trees {
            let tree = Tree(
                fitting: rest, to: binned, bins: settings.bins, depth: settings.depth, rate: settings.rate,
                gains: &importances)
            for example in rest[0].indices {
                let leaf = tree.leaf { binned[$0][example] }
                for output in rest.indices { rest[output][example] -= leaf[output] }
            }
            trees.append(tree)
        }
    }

    /// The targets of other examples, as far as their features tell.
    package func predictions(for features: [[Double]]) -> [[Double]] {
        let binned = zip(features, edges).map { feature, edges in feature.map { Self.bin($0, edges) } }
        var sums = start.map { [Double](repeating: $0, count: features[0].count) }
        for tree in trees {
            for example in sums[0].indices {
                let leaf = tree.leaf { binned[$0][example] }
                for output in sums.indices { sums[output][example] += leaf[output] }
            }
        }
        return sums
    }

    /// Where a feature is asked: its distinct quantiles, ascending.
    private static func edges(of values: [Double], bins: Int) -> [Double] {
        let sorted = values.sorted()
        var edges: [Double] = []
        for step in 1..<bins {
            let edge = sorted[step * sorted.count / bins]
            if edge > (edges.last ?? sorted[0]) { edges.append(edge) }
        }
        return edges
    }

    /// How many edges a value has reached.
    private static func bin(_ value: Double, _ edges: [Double]) -> Int {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A tree of full depth, its nodes numbered level by level: below node i are 2 i + 1 and 2 i + 2.
private struct Tree {
    /// The feature asked, and the first bin that goes to the right; `nil` where nothing is gained.
    private var questions: [(feature: Int, bin: Int)?] = []
    private var leaves: [[Double]] = []
    private let depth: Int

    /// A tree of what is left of the targets; adds to `gains` what each feature gains.
    init(
        fitting rest: [[Double]], to features: [[Int]], bins: Int, depth: Int, rate: Double,
        gains: inout [Double]
    ) {
        self.depth = depth
        var places = [Int](repeating: 0, count: rest[0].count)
        for level in 0..<depth {
            var best = [(gain: Double, feature: Int, bin: Int)](
                repeating: (1e-12, -1, 0), count: 1 << level)
            for (feature, binned) in features.enumerated() {
                let sums = NodeSums(
                    rest, nodes: 1 << level, bins: bins, place: { places[$0] * bins + binned[$0] })
                for node in best.indices {
                    let (gain, bin) = sums.bestSplit(of: node)
                    if gain > best[node].gain { best[node] = (gain, feature, bin) }
                }
            }
            for node in best {
                if node.feature >= 0 { gains[node.feature] += node.gain }
                questions.append(node.feature >= 0 ? (node.feature, node.bin) : nil)
            }
            for example in places.indices {
                let node = best[places[example]]
                let isRight = node.feature >= 0 && features[node.feature][example] >= node.bin
                places[example] = 2 * places[example] + (isRight ? 1 : 0)
            }
        }
        let sums = NodeSums(rest, nodes: 1 << depth, bins: 1, place: { places[$0] })
        leaves = (0..<1 << depth).map { sums.mean(of: $0).map { $0 * rate } }
    }

    /// The leaf of an example whose features fall into the bins that `bin` tells.
    func leaf(bin: (Int) -> Int) -> [Double] {
        var node = 0
        for _ in 0..<depth {
            let isRight = questions[node].map { bin($0.feature) >= $0.bin } ?? false
            node = 2 * node + (isRight ? 2 : 1)
        }
        return leaves[node - questions.count]
    }
}

/// How many examples fall into each bin of each node, and the sums of what they leave.
private struct NodeSums {
    private let bins: Int
    private let outputs: Int
    private var counts: [Double]
    private var sums: [Double]

    init(_ rest: [[Double]], nodes: Int, bins: Int, place: (Int) -> Int) {
        self.bins = bins
        outputs = rest.count
        counts = [Double](repeating: 0, count: nodes * bins)
        sums = [Double](repeating: 0, count: nodes * bins * outputs)
        for example in rest[0].indices {
            let place = place(example)
            counts[place] += 1
            for output in 0..<outputs { sums[place * outputs + output] += rest[output][example] }
        }
    }

    /// The bin at which a node is best split, and what that takes off the squared error.
    func bestSplit(of node: Int) -> (gain: Double, bin: Int) {
        var total = [Double](repeating: 0, count: outputs)
        var count = 0.0
        for bin in 0..<bins { add(node, bin, to: &total, &count) }
        var left = [Double](repeating: 0, count: outputs)
        var leftCount = 0.0
        var best = (gain: 0.0, bin: 0)
        for bin in 1..<bins {
            add(node, bin - 1, to: &left, &leftCount)
            guard leftCount > 0, leftCount < count else { continue }
            var gain = 0.0
            for output in 0..<outputs {
                let right = total[output] - left[output]
                gain += left[output] * left[output] / leftCount + right * right / (count - leftCount)
                gain -= total[output] * total[output] / count
            }
            if gain > best.gain { best = (gain, bin) }
        }
        return best
    }

    /// The mean of what a node's examples leave, of a node in one bin.
    func mean(of node: Int) -> [Double] {
        (0..<outputs).map { counts[node] > 0 ? sums[node * outputs + $0] / counts[node] : 0 }
    }

    private func add(_ node: Int, _ bin: Int, to sum: inout [Double], _ count: inout Double) {
        let place = node * bins + bin
        count += counts[place]
        for output in 0..<outputs { sum[output] += sums[place * outputs + output] }
    }
}
