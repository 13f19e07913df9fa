/// log p(x) by importance sampling with some number of draws: a point of the curve that rises to log p(x).
public struct LikelihoodPoint: Codable, Sendable, Equatable {
    /// Draws of z for each example.
    public var samples: Int
    /// The importance-weighted bound, in nats per example.
    public var logLikelihood: Estimate
    /// How far it is above the point before; absent at the first.
    ///
    /// The difference of each example is taken first, so that the standard error is that of the rise and knows nothing
    /// of how much examples differ.
    public var rise: Estimate?

    /// The points of a curve.
    ///
    /// - Parameters:
    ///   - samples: The numbers of draws, ascending.
    ///   - values: log p(x) of each example, for each number of draws.
    /// - Returns: A point for each number.
    static func curve(samples: [Int], values: [[Double]]) -> [LikelihoodPoint] {
        samples.indices.map { place in
            LikelihoodPoint(
                samples: samples[place], logLikelihood: Estimate(of: values[place]),
                rise: place == 0 ? nil : Estimate(of: zip(values[place], values[place - 1]).map { $0 - $1 }))
        }
    }
}
