import Foundation

/// The division of an axis: round ticks that cover the data, and each value's place between them.
///
/// Total: any input, empty or not finite or constant, gives at least two distinct ticks.
package struct AxisScale: Sendable {
    /// Tick values, ascending; the first and the last bound the axis.
    package let ticks: [Double]
    /// One label per tick.
    package let labels: [String]
    private let kind: Axis.Scale

    /// The axis that covers the drawable ones among the values.
    ///
    /// - Parameters:
    ///   - values: Data; those that cannot be drawn are passed over.
    ///   - kind: Linear or logarithmic.
    ///   - count: About how many intervals to make.
    package init(covering values: some Sequence<Double>, kind: Axis.Scale = .linear, count: Int = 5) {
        var lower = Double.infinity
        var upper = -Double.infinity
        for value in values where Self.isDrawable(value, on: kind) {
            lower = min(lower, value)
            upper = max(upper, value)
        }
        if lower > upper { (lower, upper) = kind == .linear ? (0, 1) : (1, 10) }
        self.kind = kind
        switch kind {
        case .linear: (ticks, labels) = Self.linear(lower, upper, count)
        case .logarithmic: (ticks, labels) = Self.logarithmic(lower, upper, count)
        }
    }

    /// Whether a value has a place on an axis of this kind.
    ///
    /// Beyond 1e±300 the arithmetic of spans overflows; such values are treated like infinities.
    package static func isDrawable(_ value: Double, on kind: Axis.Scale) -> Bool {
        switch kind {
        case .linear: return abs(value) <= 1e300
        case .logarithmic: return value >= 1e-300 && value <= 1e300
        }
    }

    /// Whether a value has a place on this axis.
    package func isDrawable(_ value: Double) -> Bool { Self.isDrawable(value, on: kind) }

    /// The place of a value, 0 at the first tick and 1 at the last; what lies beyond is put on the border.
    ///
    /// - Precondition: The value is finite, and positive on a logarithmic axis (ticks may lie a little beyond
    ///   what is drawable).
    package func fraction(of value: Double) -> Double {
        precondition(
            value.isFinite && (kind == .linear || value > 0),
            "AxisScale.fraction: \(value) has no place on a \(kind) axis.")
        let (first, last) = (ticks[0], ticks[ticks.count - 1])
        let fraction =
            kind == .linear
            ? (value - first) / (last - first) : (log(value) - log(first)) / (log(last) - log(first))
        return min(max(fraction, 0), 1)
    }

    private static func linear(_ low: Double, _ high: Double, _ count: Int) -> ([Double], [String]) {
        var (lower, upper) = (low, high)
        let largest = max(abs(lower), abs(upper))
        // A spread that the digits of a label could not show is widened around the value.
        if upper - lower <= max(largest * 1e-9, 1e-280) {
            let margin = largest > 1e-270 ? largest * 0.1 : 1
            (lower, upper) = (lower - margin, upper + margin)
        }
        let rough = (upper - lower) / Double(count)
        var exponent = Int(log10(rough).rounded(.down))
        var mantissa = 1.0
        switch rough / pow(10, Double(exponent)) {
        case ...1.001: mantissa = 1
        case ...2.001: mantissa = 2
        case ...5.001: mantissa = 5
        default: exponent += 1
        }
        // Dividing by a whole power of ten gives 0.3 where multiplying by 0.1 gives 0.30000000000000004.
        func value(_ index: Double) -> Double {
            exponent < 0
                ? index * mantissa / pow(10, Double(-exponent)) : index * mantissa * pow(10, Double(exponent))
        }
        let step = value(1)
        let first = (lower / step + 1e-9).rounded(.down)
        let last = (upper / step - 1e-9).rounded(.up)
        let ticks = stride(from: first, through: max(last, first + 1), by: 1).map(value)
        return (ticks, NumberLabel.labels(forLinear: ticks, exponent: exponent))
    }

    private static func logarithmic(_ low: Double, _ high: Double, _ count: Int) -> ([Double], [String]) {
        // Candidates are 1, 2 and 5 in every decade, or, where those are too many, every n-th decade.
        let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
        let stride = max(1, (decades.count + count - 1) / (count + 1))
        let fine = decades.flatMap { decade in [1, 2, 5].map { (mantissa: $0, exponent: decade) } }
        let coarse = Swift.stride(from: decades.lowerBound, through: decades.upperBound + stride, by: stride)
            .map { (mantissa: 1, exponent: $0) }
        func value(_ tick: (mantissa: Int, exponent: Int)) -> Double {
            Double(tick.mantissa) * pow(10, Double(tick.exponent))
        }
        func covering(_ ticks: [(mantissa: Int, exponent: Int)]) -> [(mantissa: Int, exponent: Int)] {
            let first = ticks.lastIndex { value($0) <= low } ?? 0
            let last = ticks.firstIndex { value($0) >= high } ?? ticks.count - 1
            return Array(ticks[first...max(last, min(first + 1, ticks.count - 1))])
        }
        let narrow = covering(fine)
        let chosen = narrow.count <= count + 2 ? narrow : covering(coarse)
        return (
            chosen.map(value),
            chosen.map { NumberLabel.label(forLogarithmic: $0.mantissa, exponent: $0.exponent) }
        )
    }
}
