/// How the text of a value is read, and how it is described to the user.
public struct ValueKind<Value: Sendable>: Sendable {
    /// What stands for the value in the help: the "n" in `--epochs <n>`.
    package let placeholder: String
    /// What a value must be; ends the sentence "expected …".
    package let expectation: String
    /// What is allowed, in the short form that the help shows after an option's text.
    package let hint: String?
    /// The closed list that a suggestion is taken from; empty if values are open.
    package let choices: [String]
    package let format: @Sendable (Value) -> String
    package let parse: @Sendable (String) -> Value?

    /// Makes a kind for values of the caller's own type.
    ///
    /// - Parameters:
    ///   - placeholder: Stands for the value in the help, without angle brackets.
    ///   - expectation: Ends the sentence "expected …" in an error.
    ///   - hint: What is allowed, in short, for the help.
    ///   - choices: The closed list of valid texts, if it is one.
    ///   - format: The text that stands for a value; shows defaults in the help.
    ///   - parse: The value of a text, or `nil` if it stands for none.
    public init(
        placeholder: String, expectation: String, hint: String? = nil, choices: [String] = [],
        format: @escaping @Sendable (Value) -> String, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.placeholder = placeholder
        self.expectation = expectation
        self.hint = hint
        self.choices = choices
        self.format = format
        self.parse = parse
    }
}

extension ValueKind where Value == Int {
    /// A whole number within limits, in decimal.
    public static func integer(in limits: some Limits<Int> & Sendable = Int.min...Int.max) -> ValueKind {
        number(
            "n", "a whole number", limits, isUnlimited: limits.contains(.min) && limits.contains(.max),
            parse: { Int($0) })
    }
}

extension ValueKind where Value == Double {
    /// A finite number within limits; `1e-3` is understood.
    public static func double(in limits: some Limits<Double> & Sendable = -Double.infinity...Double.infinity)
        -> ValueKind
    {
        number(
            "x", "a number", limits,
            isUnlimited: limits.contains(-.infinity) && limits.contains(.infinity),
            parse: { text in Double(text).flatMap { $0.isFinite ? $0 : nil } })
    }
}

extension ValueKind where Value: Comparable {
    private static func number(
        _ placeholder: String, _ noun: String, _ limits: some Limits<Value> & Sendable, isUnlimited: Bool,
        parse: @escaping @Sendable (String) -> Value?
    ) -> ValueKind {
        ValueKind(
            placeholder: placeholder, expectation: isUnlimited ? noun : "\(noun) \(limits.inWords)",
            hint: isUnlimited ? nil : limits.inWords, format: { concise($0) },
            parse: { text in parse(text).flatMap { limits.contains($0) ? $0 : nil } })
    }
}

extension ValueKind where Value == String {
    /// Any text, the empty one included.
    public static var string: ValueKind {
        ValueKind(placeholder: "text", expectation: "a text", format: { $0 }, parse: { $0 })
    }

    /// A file or folder, any text but the empty one.
    ///
    /// Whether it exists is for the command to find out.
    public static var path: ValueKind {
        ValueKind(
            placeholder: "path", expectation: "a path", format: { $0 }, parse: { $0.isEmpty ? nil : $0 })
    }

    /// One of a closed list of names.
    ///
    /// - Precondition: The list is not empty.
    public static func choice(of names: [String]) -> ValueKind {
        precondition(!names.isEmpty, "a choice needs at least one name to choose from")
        return .choice(among: names.map { ($0, $0) }, format: { $0 })
    }
}

extension ValueKind {
    /// One of an enumeration's cases, written as its raw value.
    public static func choice(_ type: Value.Type) -> ValueKind
    where Value: CaseIterable & RawRepresentable<String> {
        .choice(among: Value.allCases.map { ($0.rawValue, $0) }, format: { $0.rawValue })
    }

    private static func choice(
        among pairs: [(name: String, value: Value)], format: @escaping @Sendable (Value) -> String
    ) -> ValueKind {
        let names = pairs.map(\.name)
        let list = names.joined(separator: ", ")
        return ValueKind(
            placeholder: "name", expectation: names.count == 1 ? list : "one of \(list)", hint: list,
            choices: names, format: format, parse: { text in pairs.first { $0.name == text }?.value })
    }

    /// Values separated by commas, as in `400,200`; an empty text is the empty list.
    public static func list<Element>(of kind: ValueKind<Element>) -> ValueKind where Value == [Element] {
        ValueKind(
            placeholder: kind.placeholder + ",…",
            expectation: "a list separated by commas, each \(kind.expectation)",
            hint: kind.hint.map { "each \($0)" },
            format: { $0.map(kind.format).joined(separator: ",") },
            parse: { text in
                if text.isEmpty { return [] }
                var elements: [Element] = []
                for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                    guard let element = kind.parse(String(part)) else { return nil }
                    elements.append(element)
                }
                return elements
            })
    }
}
