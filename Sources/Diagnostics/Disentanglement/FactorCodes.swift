import Datasets

/// The codes of examples whose factors are known: what scores of disentanglement are functions of.
public struct FactorCodes: Sendable {
    /// The factors.
    public let factors: [KnownFactor]
    /// How many units a code has.
    public let unitCount: Int
    /// The codes of each unit, over the examples.
    public let units: [[Double]]
    /// The values of each factor, over the examples, counted from 0.
    public let values: [[Int]]

    /// Codes and the factors behind them.
    ///
    /// - Parameters:
    ///   - codes: The posterior means, `[count, unitCount]`, row by row.
    ///   - unitCount: How many units a code has.
    ///   - values: The factors' values for each example.
    ///   - factors: What they are.
    /// - Precondition: There is an example; each has `unitCount` numbers, which are finite, and a value of each factor
    ///   below its count.
    public init(_ codes: [Double], unitCount: Int, values: [[Int]], of factors: [KnownFactor]) {
        precondition(
            !values.isEmpty && codes.count == values.count * unitCount,
            "\(codes.count) numbers for \(values.count) codes of \(unitCount) units")
        precondition(codes.allSatisfy(\.isFinite), "a code that is not finite")
        precondition(
            values.allSatisfy { row in
                row.count == factors.count && zip(row, factors).allSatisfy { (0..<$1.count).contains($0) }
            }, "values that the factors \(factors) do not take")
        self.init(
            units: (0..<unitCount).map { unit in
                stride(from: unit, to: codes.count, by: unitCount).map { codes[$0] }
            }, values: factors.indices.map { factor in values.map { $0[factor] } }, factors: factors)
    }

    private init(units: [[Double]], values: [[Int]], factors: [KnownFactor]) {
        self.units = units
        self.values = values
        self.factors = factors
        unitCount = units.count
    }

    /// How many examples.
    public var count: Int { values.first?.count ?? 0 }

    /// The codes without some of their units.
    func keeping(units kept: [Int]) -> FactorCodes {
        FactorCodes(units: kept.map { units[$0] }, values: values, factors: factors)
    }

    /// Some of the examples.
    func keeping(examples places: some Collection<Int>) -> FactorCodes {
        FactorCodes(
            units: units.map { unit in places.map { unit[$0] } },
            values: values.map { factor in places.map { factor[$0] } }, factors: factors)
    }

    /// The variance of each unit over the examples.
    var variances: [Double] { units.map { Moments(of: $0).variance } }

    /// The examples that have each value of a factor.
    func places(ofFactor factor: Int) -> [[Int]] {
        var places = [[Int]](repeating: [], count: factors[factor].count)
        for (place, value) in values[factor].enumerated() { places[value].append(place) }
        return places
    }
}

/// Mean and variance of numbers, of all there are and not of a sample.
struct Moments {
    let mean: Double
    let variance: Double

    init(of values: [Double]) {
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    }
}

extension RandomNumberGenerator {
    /// A number from 0 to before `count`, each as likely (but for count / 2⁶⁴).
    ///
    /// Spelled out, as the standard library's choice of an element may change with its version.
    mutating func place(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }
}
