import Tensors

/// Calls `body` with consecutive stretches of rows, short enough that what each makes stays small.
///
/// - Parameters:
///   - x: `[n, ...]`.
///   - width: How many numbers are made for each row.
///   - body: Is given a stretch in float64.
func forBlocks(of x: Tensor, width: Int, _ body: (Tensor) throws -> Void) rethrows {
    let rows = x.size(along: 0)
    let height = max(1, (1 << 21) / max(1, width))
    for start in stride(from: 0, to: rows, by: height) {
        try body(x.sliced(along: 0, from: start, to: min(start + height, rows)).converted(to: .float64))
    }
}

/// What `body` makes of consecutive stretches of rows, joined along the first axis.
func inBlocks(of x: Tensor, width: Int, _ body: (Tensor) throws -> Tensor) rethrows -> Tensor {
    var parts: [Tensor] = []
    try forBlocks(of: x, width: width) { parts.append(try body($0)) }
    return parts.count == 1 ? parts[0] : Tensor.concatenated(parts, along: 0)
}

extension Generator {
    /// A place drawn by weights, none of them negative and some positive.
    mutating func place(by weights: Tensor) -> Int {
        let sums = weights.converted(to: .float64).cumulativeSum(along: 0)
        let total = sums.sliced(along: 0, from: -1, to: Int.max).scalar()
        let aim = uniform([1], dtype: .float64).scalar() * total
        let place = Int((sums .<= aim).converted(to: .float64).sum().scalar())
        // Rounding may lead past the last place that weighs anything.
        return min(place, weights.count - 1)
    }

    /// Some of the numbers from 0 to before `limit`, all different, in random order.
    mutating func places(_ count: Int, of limit: Int) -> [Int] {
        var chosen: [Int] = []
        var seen: Set<Int> = []
        while chosen.count < min(count, limit) {
            let place = Int(next().multipliedFullWidth(by: UInt64(limit)).high)
            if seen.insert(place).inserted { chosen.append(place) }
        }
        return chosen
    }
}
