import CTorch

/// Which of several centres each row is nearest to, kept up to date as the centres move.
///
/// Each call is the assignment of a step of Lloyd's algorithm. Rows whose nearest centre cannot have changed, by the
/// triangle inequality, are passed over; the others meet all centres. Equal distances go to the first centre.
///
/// Source: Hamerly 2010, "Making k-means even faster", SIAM International Conference on Data Mining.
public struct CentreAssignment {
    private let rows: Tensor
    private let bounds: Tensor
    private var before: Tensor?
    /// The place of each row's centre, int64 `[n]`; −1 before the first call.
    public let labels: Tensor
    /// The sum of the rows of each centre, float64 `[centres, size]`.
    public let sums: Tensor
    /// Σ x² over all numbers of all rows, once they have centres.
    public private(set) var squares = 0.0
    /// How many rows each centre has, float64 `[centres]`.
    public let counts: Tensor

    /// Rows that have no centres yet.
    ///
    /// - Parameters:
    ///   - rows: `[n, size]`, float32 or float64.
    ///   - count: How many centres there will be.
    public init(of rows: Tensor, centres count: Int) {
        self.rows = rows.contiguous()
        let height = rows.size(along: 0)
        labels = Tensor(repeating: -1, shape: [height], dtype: .int64)
        bounds = Tensor.zeros([height, 2], dtype: rows.dtype)
        sums = Tensor.zeros([count, rows.size(along: 1)], dtype: .float64)
        counts = Tensor.zeros([count], dtype: .float64)
    }

    /// Finds the nearest of the centres for each row, and brings labels, sums and counts up to date, in place.
    ///
    /// - Parameter centres: `[centres, size]`.
    /// - Returns: How many labels changed.
    public mutating func assign(to centres: Tensor) -> Int {
        let centres = centres.converted(to: rows.dtype).contiguous()
        let changed = ct_assign_to_centres(
            rows.handle, centres.handle, (before ?? centres).handle, labels.handle, bounds.handle,
            sums.handle,
            counts.handle, &squares)
        performed(changed >= 0, rows, centres)
        before = centres
        return changed
    }

    /// Gives a row to another centre, whatever its distance, until the next call.
    public func move(row: Int, to centre: Int) {
        let label = labels.sliced(along: 0, from: row, to: row + 1)
        let value = rows.sliced(along: 0, from: row, to: row + 1).converted(to: .float64)
        for (place, sign) in [(Int(label.scalar()), -1.0), (centre, 1.0)] {
            sums.sliced(along: 0, from: place, to: place + 1).add(value, scaledBy: sign)
            counts.sliced(along: 0, from: place, to: place + 1).add(
                Tensor.ones([1], dtype: .float64), scaledBy: sign)
        }
        label.copy(from: Tensor([centre]))
        // Nothing is known of its distance to the new centre.
        bounds.sliced(along: 0, from: row, to: row + 1).copy(
            from: Tensor([Double.infinity, 0], shape: [1, 2]))
    }
}
