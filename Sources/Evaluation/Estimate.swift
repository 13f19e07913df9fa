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

    /// An estimate that is known.
    public init(mean: Double, standardError: Double) {
        self.mean = mean
        self.standardError = standardError
    }
}
