/// A mean over examples with its standard error.
public struct Estimate: Codable, Sendable, Equatable {
    /// The mean.
    public var mean: Double
    /// The standard deviation of the mean, σ / √n.
    public var standardError: Double

    /// The estimate from independent values.
    public init(of values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        standardError = values.count > 1 ? (squares / (count - 1) / count).squareRoot() : .infinity
    }

    /// The share of independent cases in which something holds.
    public init(shareOf cases: [Bool]) {
        self.init(of: cases.map { $0 ? 1 : 0 })
        if mean == 0 || mean == 1 { standardError = Self.saturatedError(cases: cases.count) }
    }

    /// The mean of shares that were each found from so many independent cases.
    public init(ofShares shares: [Double], cases: Int) {
        self.init(of: shares)
        if mean == 0 || mean == 1 { standardError = Self.saturatedError(cases: cases * shares.count) }
    }

    /// The standard error of a share that is 0 or 1 in n cases, whose own spread is zero: that of the share
    /// p = 1 / (n + 2), Laplace's rule of succession.
    private static func saturatedError(cases: Int) -> Double {
        let share = 1 / Double(cases + 2)
        return (share * (1 - share) / Double(cases)).squareRoot()
    }

    /// An estimate that is known.
    public init(mean: Double, standardError: Double) {
        self.mean = mean
        self.standardError = standardError
    }
}
