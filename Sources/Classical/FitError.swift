/// Why a model cannot be fitted to rows of numbers; `description` is one line.
///
/// Rows and columns are counted from 1.
public enum FitError: Error, Equatable, CustomStringConvertible {
    /// There are fewer rows than components, or too few that differ.
    case tooFewRows(count: Int, areDistinct: Bool, components: Int)
    /// A number is missing where none may be.
    case missing(row: Int, column: Int)
    /// A number is infinite.
    case notFinite(row: Int, column: Int)
    /// A number is so large that sums of squares would overflow.
    case tooLarge(row: Int, column: Int, value: Double, limit: Double)
    /// The numbers of a column differ by so little that squares of their differences vanish.
    case tooAlike(column: Int)
    /// A column has the same number in every row.
    case constantColumn(Int)
    /// A column has no number at all.
    case emptyColumn(Int)
    /// A component collapsed again and again, in every start.
    case collapsed(component: Int, reason: String, starts: Int)
    /// Rows have another width than the model.
    case wrongWidth(found: Int, expected: Int)
    /// A setting of the fit is out of its range.
    case invalid(setting: String, value: String, allowed: String)

    /// One line: what, where, and the mend.
    public var description: String { description(columns: nil) }

    /// The same line with names of columns in place of their numbers.
    ///
    /// - Parameter columns: The name of each.
    /// - Returns: The line.
    public func description(columns: [String]?) -> String {
        func name(_ column: Int) -> String {
            "column " + (columns.map { $0[column - 1].debugDescription } ?? "\(column)")
        }
        return switch self {
        case .tooFewRows(let count, let areDistinct, let components):
            "\(count) \(areDistinct ? "different " : "")row\(count == 1 ? "" : "s") for \(components) components; "
                + "ask for fewer components, or give more rows"
        case .missing(let row, let column):
            "row \(row), \(name(column)): a number is missing; fill it in (a Gaussian mixture can), or leave "
                + "the row out"
        case .notFinite(let row, let column):
            "row \(row), \(name(column)): the number is not finite; mend it, or leave the field empty"
        case .tooLarge(let row, let column, let value, let limit):
            "row \(row), \(name(column)): \(value) is beyond \(limit), where sums of squares overflow; scale the "
                + "column down"
        case .tooAlike(let column):
            "\(name(column)): its numbers differ by so little that the squares vanish; scale the column up"
        case .constantColumn(let column):
            "\(name(column)) has the same number in every row, so there is nothing to learn; leave it out"
        case .emptyColumn(let column): "\(name(column)) has no number in any row; leave it out"
        case .collapsed(let component, let reason, let starts):
            "component \(component) \(reason) again and again, in \(starts == 1 ? "the only start" : "all \(starts) starts"); "
                + "give a floor for the variances, or ask for fewer components"
        case .wrongWidth(let found, let expected):
            "rows of \(found) numbers, the model is of \(expected); give the columns that it was fitted to"
        case .invalid(let setting, let value, let allowed): "\(setting) is \(value); allowed: \(allowed)"
        }
    }
}

/// Throws unless a setting of a fit holds to its range.
func require(_ holds: Bool, _ setting: String, _ value: Any, _ allowed: String) throws(FitError) {
    guard holds else { throw .invalid(setting: setting, value: "\(value)", allowed: allowed) }
}
