import Tensors

/// Rows grouped by which of their numbers are observed (not NaN), so that each group is a complete table of its own.
struct ObservedRows {
    /// Rows of which the same columns are observed.
    struct Group {
        /// Their places, int64 `[rows]`; `nil` where the group is the whole table.
        let places: Tensor?
        /// The columns that are observed, in order; at least one.
        let columns: [Int]
        /// `[rows, columns]`, in the type of the table.
        let values: Tensor

        /// How many rows.
        var count: Int { values.size(along: 0) }
    }

    /// The groups, in the order of their first rows; rows without any observed number are in none.
    let groups: [Group]
    /// How many rows the table has, and how many of them have an observed number.
    let total: Int, count: Int
    /// How many columns the table has.
    let size: Int

    /// Groups the rows of `[n, size]`.
    init(_ x: Tensor) {
        (total, size) = (x.size(along: 0), x.size(along: 1))
        let isMissing = x.isNaN()
        guard isMissing.anyTrue() else {
            groups = [Group(places: nil, columns: Array(0..<size), values: x)]
            count = total
            return
        }
        let mask = isMissing.array(of: Bool.self)
        var order: [ArraySlice<Bool>] = []
        var rows: [ArraySlice<Bool>: [Int]] = [:]
        for row in 0..<total {
            let pattern = mask[(row * size)..<((row + 1) * size)]
            if rows[pattern] == nil { order.append(pattern) }
            rows[pattern, default: []].append(row)
        }
        groups = order.compactMap { pattern in
            let columns = pattern.enumerated().filter { !$1 }.map(\.offset)
            guard !columns.isEmpty else { return nil }
            let places = Tensor(rows[pattern]!)
            return Group(
                places: places, columns: columns,
                values: x.gathering(places, along: 0).gathering(Tensor(columns), along: 1).contiguous())
        }
        count = groups.reduce(0) { $0 + $1.count }
    }

    /// A tensor `[n, ...]` of what `body` makes of each group, `[rows, ...]`; `missing` stands for rows in none.
    func joined(missing: Tensor, _ body: (Group) -> Tensor) -> Tensor {
        if groups.count == 1, groups[0].places == nil { return body(groups[0]) }
        let all = missing.expanded(at: 0).broadcast(to: [total] + missing.shape).copy()
        return groups.reduce(all) { all, group in
            let part = body(group)
            let places = group.places!.reshaped([-1] + missing.shape.map { _ in 1 }).broadcast(to: part.shape)
            return all.scattering(part, at: places, along: 0)
        }
    }

    /// The table with every missing number replaced by the mean of its column.
    static func filled(_ x: Tensor) -> Tensor {
        let isMissing = x.isNaN()
        guard isMissing.anyTrue() else { return x }
        let known = x.replacing(with: Tensor(zerosLike: x), where: isMissing)
        let counts = (.!isMissing).converted(to: x.dtype).sum(along: 0)
        return x.replacing(with: (known.sum(along: 0) / counts).broadcast(to: x.shape), where: isMissing)
    }
}
