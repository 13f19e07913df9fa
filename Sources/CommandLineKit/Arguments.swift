/// What a command was given: the value of each of its parameters.
///
/// A parameter that the command does not declare is a programmer's mistake and traps.
public struct Arguments: Sendable {
    /// The texts that were given, by `Declaration.label`; a flag's is "on" or "off".
    private let texts: [String: String]
    private let labels: Set<String>

    package init(_ texts: [String: String], declared labels: Set<String>) {
        self.texts = texts
        self.labels = labels
    }

    /// The parameter's value: what was given, else its default.
    public subscript<P: Parameter>(_ parameter: P) -> P.Value {
        guard let value = parameter.value(of: text(of: parameter)) else {
            fatalError("\(parameter.declaration.label) is read as another type than it was declared with")
        }
        return value
    }

    /// The parameter's value if the user wrote it, `nil` where the default (or a configuration) decides.
    public func given<P: Parameter>(_ parameter: P) -> P.Value? {
        isGiven(parameter) ? self[parameter] : nil
    }

    /// Whether the user wrote the parameter.
    public func isGiven(_ parameter: some Parameter) -> Bool {
        text(of: parameter) != nil
    }

    private func text(of parameter: some Parameter) -> String? {
        let label = parameter.declaration.label
        precondition(labels.contains(label), "\(label) is read by a command that does not declare it")
        return texts[label]
    }
}
