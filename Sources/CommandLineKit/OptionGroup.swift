/// Options that the help shows together.
public struct OptionGroup: Sendable {
    package let heading: String
    package let options: [Declaration]
    package let rows: [(label: String, text: String)]
    package let visibility: Visibility

    /// When the help shows a group.
    public enum Visibility: Sendable, Equatable {
        /// Always.
        case always
        /// Where the line has an option with this value, any if `nil`, or asks for everything.
        case with(option: String, value: String?)
        /// Where the line asks for everything.
        case all
    }

    /// Groups options under a heading such as "Model options".
    ///
    /// - Parameters:
    ///   - heading: Stands above them.
    ///   - options: In the order of the help.
    ///   - rows: What the help explains above the options: names with a text each.
    ///   - visibility: When the help shows the group.
    /// - Precondition: None of the options is a positional.
    public init(
        _ heading: String, _ options: [any Parameter], rows: [(label: String, text: String)] = [],
        shown visibility: Visibility = .always
    ) {
        self.heading = heading
        self.options = options.map(\.declaration)
        self.rows = rows
        self.visibility = visibility
        precondition(
            self.options.allSatisfy { $0.form != .positional }, "\(heading): a positional is no option")
    }

    /// Whether a help in this detail shows the group.
    func isShown(in detail: HelpDetail) -> Bool {
        switch (visibility, detail) {
        case (.always, _), (_, .all): true
        case (.with(let option, let value?), .short(let words)): words.contains("\(option)=\(value)")
        case (.with(let option, nil), .short(let words)): words.contains { $0.hasPrefix("\(option)=") }
        case (.all, .short): false
        }
    }
}

/// How much the help of a command tells.
package enum HelpDetail: Equatable, Sendable {
    /// The usual options, and those of the options with values on the line, each as `model=vae`.
    case short(Set<String>)
    /// Every option.
    case all

    /// What a line asks for.
    init(_ words: ArraySlice<String>) {
        if words.contains("--help-all") {
            self = .all
            return
        }
        var found: Set<String> = []
        for (word, next) in zip(words, words.dropFirst() + [""]) where word.hasPrefix("--") {
            found.insert(word.contains("=") ? String(word.dropFirst(2)) : "\(word.dropFirst(2))=\(next)")
        }
        self = .short(found)
    }
}
