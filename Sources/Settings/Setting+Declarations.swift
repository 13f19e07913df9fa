// Shorter forms of the usual declarations.
extension Setting where Root: Configurable {
    /// A whole number.
    public static func integer<Value: FixedWidthInteger & Sendable>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, in range: ClosedRange<Int>,
        _ option: OptionOutline? = nil
    ) -> Setting { Setting(key, path, .integer(in: range), option: option) }

    /// A whole number that may be absent.
    public static func integer(
        optional key: String, _ path: WritableKeyPath<Root, Int?> & Sendable, in range: ClosedRange<Int>,
        _ option: OptionOutline? = nil
    ) -> Setting { Setting(optional: key, path, .integer(in: range), option: option) }

    /// A number.
    public static func number(
        _ key: String, _ path: WritableKeyPath<Root, Double> & Sendable, in range: ClosedRange<Double>,
        _ option: OptionOutline? = nil
    ) -> Setting { Setting(key, path, .number(in: range), option: option) }

    /// A number below an upper limit.
    public static func number(
        _ key: String, _ path: WritableKeyPath<Root, Double> & Sendable, in range: Range<Double>,
        _ option: OptionOutline? = nil
    ) -> Setting { Setting(key, path, .number(in: range), option: option) }

    /// A number that may be absent.
    public static func number(
        optional key: String, _ path: WritableKeyPath<Root, Double?> & Sendable,
        in range: ClosedRange<Double>,
        _ option: OptionOutline? = nil
    ) -> Setting { Setting(optional: key, path, .number(in: range), option: option) }

    /// Something that is so or not.
    public static func flag(
        _ key: String, _ path: WritableKeyPath<Root, Bool> & Sendable, _ option: OptionOutline? = nil
    ) -> Setting { Setting(key, path, .flag, option: option) }

    /// Whole numbers.
    public static func integers(
        _ key: String, _ path: WritableKeyPath<Root, [Int]> & Sendable, in range: ClosedRange<Int>,
        count: ClosedRange<Int> = 1...1000, _ option: OptionOutline? = nil
    ) -> Setting { Setting(key, path, .list(of: .integer(in: range), count: count), option: option) }

    /// One of an enumeration's cases.
    public static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ option: OptionOutline? = nil
    ) -> Setting { Setting(key, path, .name, option: option) }

    /// One of an enumeration's cases, which may be absent.
    public static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        optional key: String, _ path: WritableKeyPath<Root, Value?> & Sendable,
        _ option: OptionOutline? = nil
    ) -> Setting { Setting(optional: key, path, .name, option: option) }
}
