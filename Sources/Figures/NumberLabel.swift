import Foundation

/// Numbers as a reader expects them on an axis: a true minus, grouped thousands, powers of ten.
package enum NumberLabel {
    /// Labels for evenly spaced ticks, all with the same number of decimals.
    ///
    /// `exponent` is the power of ten of the spacing, which fixes how many decimals tell neighbours apart.
    package static func labels(forLinear ticks: [Double], exponent: Int) -> [String] {
        let largest = ticks.map(abs).max() ?? 0
        guard largest > 0 else { return ticks.map { _ in "0" } }
        let top = Int(log10(largest).rounded(.down))
        if top >= -3 && top < 6 {
            return ticks.map { plain($0, decimals: max(0, -exponent)) }
        }
        return ticks.map { $0 == 0 ? "0" : scientific($0, exponent: top, decimals: max(0, top - exponent)) }
    }

    /// The label of a tick on a logarithmic axis, `mantissa` times ten to the `exponent`.
    package static func label(forLogarithmic mantissa: Int, exponent: Int) -> String {
        if exponent >= -3 && exponent < 5 {
            return plain(Double(mantissa) * pow(10, Double(exponent)), decimals: max(0, -exponent))
        }
        let power = "10" + superscript(exponent)
        return mantissa == 1 ? power : "\(mantissa)×\(power)"
    }

    private static func plain(_ value: Double, decimals: Int) -> String {
        let digits = String(format: "%.\(decimals)f", abs(value))
        let parts = digits.split(separator: ".", maxSplits: 1)
        var whole = String(parts[0])
        if whole.count > 4 {
            var place = whole.count - 3
            while place > 0 {
                whole.insert("\u{202F}", at: whole.index(whole.startIndex, offsetBy: place))
                place -= 3
            }
        }
        let body = parts.count > 1 ? whole + "." + parts[1] : whole
        return value < 0 ? "−" + body : body
    }

    private static func scientific(_ value: Double, exponent: Int, decimals: Int) -> String {
        plain(value / pow(10, Double(exponent)), decimals: decimals) + "×10" + superscript(exponent)
    }

    private static func superscript(_ exponent: Int) -> String {
        let digits: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
            "8": "⁸", "9": "⁹",
        ]
        return String(String(exponent).compactMap { digits[$0] })
    }
}
