import Foundation

extension Tensor: CustomStringConvertible {
    /// Type, shape and elements, long axes shortened to their ends.
    public var description: String {
        let header = "\(dtype)\(shape)"
        return count == 0 ? header + " []" : header + " " + Self.text(of: self, indent: header.count + 2)
    }

    private static let shown = 3

    private static func text(of tensor: Tensor, indent: Int) -> String {
        guard tensor.rank > 0 else { return element(tensor) }
        let count = tensor.size(along: 0)
        let isShortened = count > 2 * shown + 1
        let places = isShortened ? Array(0..<shown) + Array((count - shown)..<count) : Array(0..<count)
        var parts = places.map { text(of: tensor.selected($0, along: 0), indent: indent + 1) }
        if isShortened { parts.insert("…", at: shown) }
        let separator = tensor.rank == 1 ? ", " : ",\n" + String(repeating: " ", count: indent)
        return "[" + parts.joined(separator: separator) + "]"
    }

    private static func element(_ tensor: Tensor) -> String {
        switch tensor.dtype {
        case .bool: tensor.scalar() == 0 ? "false" : "true"
        case .uint8, .int64: String(tensor.array(of: Int.self)[0])
        case .float32, .float64, .bfloat16: String(format: "%.4g", tensor.scalar())
        }
    }
}
