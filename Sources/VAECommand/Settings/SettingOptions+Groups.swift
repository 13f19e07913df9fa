import CommandLineKit
import VAE

// The groups of the help, made from the declarations.
extension SettingOptions {
    /// The options below some keys from the top, those of the kinds of a choice left out.
    ///
    /// - Parameters:
    ///   - key: The first key, or that of a setting at the top.
    ///   - isUsual: Only those that the short help shows, or only the others; all if `nil`.
    /// - Returns: The options.
    func options(below key: String, usual isUsual: Bool? = nil) -> [any CommandLineKit.Parameter] {
        table.entries.filter { entry in
            entry.places.contains { place in
                (place.steps.first?.key ?? place.outline.key) == key
                    && place.steps.allSatisfy { $0.kind == nil }
                    && (isUsual == nil || place.outline.option?.isUsual == isUsual)
            }
        }.map { self[$0.name] }
    }

    /// The kinds of a choice, with the options that each of them has, and so on for the choices within.
    ///
    /// - Parameters:
    ///   - outline: Of the choice.
    ///   - visibility: When the help shows them.
    /// - Returns: The groups.
    func groups(of outline: SettingOutline, shown visibility: OptionGroup.Visibility) -> [OptionGroup] {
        guard case .choice(let choice) = outline.content else { return [] }
        let kinds = choice.kinds
        let values = unique(kinds.flatMap(\.settings))
        let option = outline.option.map { " (--\($0.name))" } ?? ""
        let family = choice.family.prefix(1).uppercased() + choice.family.dropFirst()
        let group = OptionGroup(
            family + option, values.map { self[$0] }, rows: kinds.map { ($0.name, $0.help) },
            shown: visibility)
        return [group] + kinds.flatMap { choices(of: $0, shown: visibility) }
    }

    /// The options of a kind, and the groups of the choices within.
    func groups(of kind: KindOutline, heading: String, shown visibility: OptionGroup.Visibility)
        -> [OptionGroup]
    {
        [OptionGroup(heading, unique(kind.settings).map { self[$0] }, shown: visibility)]
            + choices(of: kind, shown: visibility)
    }

    private func choices(of kind: KindOutline, shown visibility: OptionGroup.Visibility) -> [OptionGroup] {
        kind.settings.filter(\.isChoice).flatMap { groups(of: $0, shown: visibility) }
    }

    /// The names of the options of settings, each once.
    private func unique(_ outlines: [SettingOutline]) -> [String] {
        let names = outlines.flatMap { outline -> [String] in
            guard let option = outline.option else { return [] }
            return option.flags.isEmpty ? [option.name] : option.flags.map(\.name)
        }
        return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension SettingOutline {
    fileprivate var isChoice: Bool { if case .choice = content { true } else { false } }
}
