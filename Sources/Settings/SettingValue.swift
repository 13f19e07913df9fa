/// How one value of a setting is read, checked and written.
///
/// The same check serves a file and the command line.
public struct SettingValue<Value: Sendable>: Sendable {
    /// Stands for the value in the help: the "n" of `--epochs <n>`.
    public let placeholder: String
    /// What is allowed; ends the sentences "allowed: …" and "expected …".
    public let allowed: String
    /// The names to choose from, where there is a closed list of them.
    public let names: [String]
    /// The value that JSON stands for; `nil` where it stands for none that is allowed.
    let decode: @Sendable (JSONValue) -> Value?
    /// The value in JSON.
    let encode: @Sendable (Value) -> JSONValue
    /// The words of a command line in JSON, not checked.
    let parse: @Sendable (String) -> JSONValue

    /// A kind of value.
    ///
    /// - Parameters:
    ///   - placeholder: Stands for the value in the help.
    ///   - allowed: What is allowed, in words.
    ///   - names: The closed list of names, if it is one.
    ///   - decode: The value that JSON stands for, or `nil`.
    ///   - encode: The value in JSON.
    ///   - parse: The words of a command line in JSON.
    public init(
        placeholder: String, allowed: String, names: [String] = [],
        decode: @escaping @Sendable (JSONValue) -> Value?, encode: @escaping @Sendable (Value) -> JSONValue,
        parse: @escaping @Sendable (String) -> JSONValue
    ) {
        self.placeholder = placeholder
        self.allowed = allowed
        self.names = names
        self.decode = decode
        self.encode = encode
        self.parse = parse
    }

    /// Whether a value is allowed.
    func accepts(_ value: Value) -> Bool { decode(encode(value)) != nil }
}

extension SettingValue where Value: FixedWidthInteger {
    /// A whole number within limits.
    public static func integer(in range: ClosedRange<Int>) -> SettingValue {
        SettingValue(
            placeholder: "n", allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            decode: { json in
                guard case .integer(let number) = json, range.contains(number) else { return nil }
                return Value(exactly: number)
            },
            encode: { value in Int(exactly: value).map { .integer($0) } ?? .number(Double(value)) },
            parse: { text in Int(text).map { .integer($0) } ?? .text(text) })
    }
}

extension SettingValue where Value == Double {
    /// A finite number within limits.
    public static func number(in range: ClosedRange<Double>) -> SettingValue {
        number("a number from \(concise(range.lowerBound)) to \(concise(range.upperBound))", range.contains)
    }

    /// A number below an upper limit.
    public static func number(in range: Range<Double>) -> SettingValue {
        number(
            "a number from \(concise(range.lowerBound)) to below \(concise(range.upperBound))", range.contains
        )
    }

    private static func number(
        _ allowed: String, _ contains: @escaping @Sendable (Double) -> Bool
    ) -> SettingValue {
        SettingValue(
            placeholder: "x", allowed: allowed,
            decode: { json in
                let number: Double? =
                    switch json {
                    case .number(let number): number
                    case .integer(let number): Double(number)
                    default: nil
                    }
                return number.flatMap { contains($0) ? $0 : nil }
            },
            encode: { .number($0) }, parse: { text in Double(text).map { .number($0) } ?? .text(text) })
    }
}

extension SettingValue where Value == Bool {
    /// `true` or `false`.
    public static var flag: SettingValue {
        SettingValue(
            placeholder: "", allowed: "true or false", names: ["true", "false"],
            decode: { json in if case .flag(let value) = json { value } else { nil } },
            encode: { .flag($0) }, parse: { Bool($0).map { .flag($0) } ?? .text($0) })
    }
}

extension SettingValue where Value == String {
    /// Any text but the empty one.
    public static var text: SettingValue {
        SettingValue(
            placeholder: "text", allowed: "a text",
            decode: { json in
                guard case .text(let text) = json, !text.isEmpty else { return nil }
                return text
            },
            encode: { .text($0) }, parse: { .text($0) })
    }
}

extension SettingValue where Value: RawRepresentable<String> & CaseIterable {
    /// One of an enumeration's cases, by its raw value.
    public static var name: SettingValue {
        let names = Value.allCases.map(\.rawValue)
        return SettingValue(
            placeholder: "name", allowed: "one of " + names.joined(separator: ", "), names: names,
            decode: { json in
                guard case .text(let name) = json else { return nil }
                return Value(rawValue: name)
            },
            encode: { .text($0.rawValue) }, parse: { .text($0) })
    }
}

extension SettingValue {
    /// The same kind of value, where it meets a condition besides.
    ///
    /// - Parameters:
    ///   - allowed: The condition in words, to follow what is allowed already.
    ///   - holds: Whether a value meets it.
    /// - Returns: The kind of value.
    public func requiring(
        _ allowed: String, _ holds: @escaping @Sendable (Value) -> Bool
    ) -> SettingValue {
        SettingValue(
            placeholder: placeholder, allowed: self.allowed + ", " + allowed, names: names,
            decode: { json in decode(json).flatMap { holds($0) ? $0 : nil } }, encode: encode, parse: parse)
    }

    /// Several values, in a file as an array, on the command line between commas.
    ///
    /// - Parameters:
    ///   - element: What each of them is.
    ///   - count: How many there may be.
    /// - Returns: The kind of value.
    public static func list<Element>(of element: SettingValue<Element>, count: ClosedRange<Int>)
        -> SettingValue
    where Value == [Element] {
        SettingValue(
            placeholder: element.placeholder + ",…",
            allowed: (count.lowerBound == 0 ? "a list" : "a list of at least \(count.lowerBound)")
                + ", each \(element.allowed)",
            decode: { json in
                guard case .list(let values) = json, count.contains(values.count) else { return nil }
                let decoded = values.compactMap(element.decode)
                return decoded.count == values.count ? decoded : nil
            },
            encode: { .list($0.map(element.encode)) },
            parse: { text in
                .list(
                    text.isEmpty
                        ? []
                        : text.split(separator: ",", omittingEmptySubsequences: false)
                            .map { element.parse(String($0)) })
            })
    }
}
