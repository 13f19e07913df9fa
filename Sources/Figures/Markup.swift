import Foundation

/// Text as it must be written inside XML and HTML.
package enum Markup {
    /// The text with every character that markup gives a meaning replaced, fit for content and attributes.
    ///
    /// Characters that XML 1.0 forbids even as references (controls, U+FFFE, U+FFFF) become U+FFFD.
    package static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A drawing coordinate to a tenth of a unit, without a needless ".0".
    ///
    /// - Precondition: The value is finite and of a drawing's size; positions come from `AxisScale`, which
    ///   keeps them so.
    package static func coordinate(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        guard tenths % 10 != 0 else { return String(tenths / 10) }
        let sign = tenths < 0 ? "-" : ""
        return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// An estimate of a text's width in drawing units, for layout that has no font metrics to ask.
    package static func width(of text: String, size: Double) -> Double {
        Double(text.count) * size * 0.58
    }
}
