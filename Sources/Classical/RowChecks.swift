import Tensors

/// Refuses rows that nothing can be fitted to.
///
/// - Throws: `FitError`.
func requireRows(_ x: Tensor, components: Int, allowsMissing: Bool) throws {
    precondition(x.rank == 2 && x.dtype.isFloatingPoint, "rows [n, size], not \(x.dtype)\(x.shape)")
    let count = x.size(along: 0)
    guard count >= components else {
        throw FitError.tooFewRows(count: count, areDistinct: false, components: components)
    }
    let limit = x.dtype.fitLimit
    // The least and the greatest show what all the masks below look for: they are NaN where any number is.
    if x.min().scalar() >= -limit, x.max().scalar() <= limit { return }
    func place(of mask: Tensor) -> (row: Int, column: Int)? {
        guard mask.anyTrue() else { return nil }
        let place = Int(mask.converted(to: .float32).flattened().argmax(along: 0).scalar())
        return (place / x.size(along: 1), place % x.size(along: 1))
    }
    let isMissing = x.isNaN()
    if let (row, column) = place(of: .!x.isFinite() .& .!isMissing) {
        throw FitError.notFinite(row: row + 1, column: column + 1)
    }
    if !allowsMissing, let (row, column) = place(of: isMissing) {
        throw FitError.missing(row: row + 1, column: column + 1)
    }
    if let (row, column) = place(of: x.magnitude() .> limit) {
        throw FitError.tooLarge(
            row: row + 1, column: column + 1, value: x[.at(row), .at(column)].scalar(), limit: limit)
    }
}

extension DType {
    /// How large numbers may be: squares of their differences, added up over any table, stay finite.
    fileprivate var fitLimit: Double { self == .float64 ? 1e148 : 1e16 }

    /// The square of the rounding of a number beside 1.
    var squaredRounding: Double {
        let unit = self == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
        return unit * unit
    }

    /// The least variance: its reciprocal stays finite, that of a small share of it as well.
    var leastFitVariance: Double { self == .float64 ? 1e-290 : 1e-30 }
}
