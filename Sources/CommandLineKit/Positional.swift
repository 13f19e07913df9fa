/// An argument known by its place: `vae sample <run>`.
public struct Positional<Value: Sendable>: Parameter {
    /// How the argument is written and described.
    public let declaration: Declaration
    private let resolve: @Sendable (String?) -> Value?

    /// Declares an argument that must be given.
    ///
    /// - Parameters:
    ///   - name: Names it in the help, `<name>`.
    ///   - kind: How a value is read.
    ///   - help: What it is.
    public init(required name: String, _ kind: ValueKind<Value>, help: String) {
        declaration = Declaration(.positional, name, kind, placeholder: nil, help: help, isRequired: true)
        resolve = { text in text.flatMap(kind.parse) }
    }

    /// Declares an argument that may be left out; its value is then `nil`.
    ///
    /// - Parameters:
    ///   - name: Names it in the help, `[<name>]`.
    ///   - kind: How a value is read.
    ///   - help: What it is, and what happens without it.
    public init<Wrapped>(_ name: String, _ kind: ValueKind<Wrapped>, help: String) where Value == Wrapped? {
        declaration = Declaration(.positional, name, kind, placeholder: nil, help: help, isRequired: false)
        resolve = { text in
            guard let text else { return .some(nil) }
            return kind.parse(text).map { $0 }
        }
    }

    /// Declares an argument that takes all words that are left, at least one.
    ///
    /// - Parameters:
    ///   - name: Names it in the help, `<name>…`.
    ///   - kind: How each value is read.
    ///   - help: What they are.
    public init<Element>(repeated name: String, _ kind: ValueKind<Element>, help: String)
    where Value == [Element] {
        declaration = Declaration(
            .positional, name, kind, placeholder: nil, help: help, isRequired: true, isRepeated: true)
        // The parser has joined the words, each of which it has checked.
        resolve = { text in
            let values = text?.split(separator: repeatedSeparator, omittingEmptySubsequences: false)
                .map { kind.parse(String($0)) }
            return values.flatMap { $0.contains { $0 == nil } ? nil : $0.compactMap { $0 } }
        }
    }

    /// The value of a text, or `nil` if it stands for none.
    public func value(of text: String?) -> Value? {
        resolve(text)
    }
}

/// Parts the words of a repeated argument; the system ends a word at it, so that none can hold one.
package let repeatedSeparator: Character = "\0"
