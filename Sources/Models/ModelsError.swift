/// What a user's choice of model can get wrong.
public enum ModelsError: Error, Equatable, CustomStringConvertible {
    /// A field of a configuration is out of its range.
    case invalid(field: String, value: String, allowed: String)

    /// One line: field, value, what is allowed.
    public var description: String {
        switch self {
        case .invalid(let field, let value, let allowed): "\(field) is \(value); allowed: \(allowed)"
        }
    }
}

/// Throws unless a field of a configuration holds to its range.
func require(_ holds: Bool, _ field: String, _ value: Any, _ allowed: String) throws {
    guard holds else { throw ModelsError.invalid(field: field, value: "\(value)", allowed: allowed) }
}

/// Throws unless a flow has layers.
func requireFlow(_ name: String, layers: Int) throws {
    try require((1...1000).contains(layers), "\(name) layers", layers, "1 to 1000")
}

/// Throws unless a flow with networks between elements has layers, widths and elements.
///
/// - Parameters:
///   - name: What messages call it.
///   - layers: How many.
///   - hidden: Widths of the network in each.
///   - size: How many elements, by the name of a field.
/// - Throws: `ModelsError.invalid`.
func requireFlow(_ name: String, layers: Int, hidden: [Int], size: (field: String, count: Int)) throws {
    try requireFlow(name, layers: layers)
    try require(
        !hidden.isEmpty && hidden.allSatisfy { (1...65_536).contains($0) }, "\(name) widths", hidden,
        "one or more, each from 1 to 65536")
    try require(
        size.count >= 2, size.field, size.count, "at least 2 with a flow whose networks lead between elements"
    )
}
