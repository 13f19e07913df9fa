/// The options of a tree of settings: which there are, whose they are, and the tree that given ones make.
public struct OptionTable: Sendable {
    /// An option, wherever its settings are.
    public struct Entry: Sendable {
        /// The long name, without dashes.
        public let name: String
        /// The settings of that name, each with the choices on the way to it.
        public internal(set) var places: [Place]
        /// Whether it takes no value.
        public let isFlag: Bool
    }

    /// A setting in the tree.
    public struct Place: Sendable {
        /// The keys from the top, each with the kind that the setting belongs to if there is a choice.
        public let steps: [Step]
        /// The setting.
        public let outline: SettingOutline

        /// The keys from the top in one word, as errors name a setting.
        public var setting: String { (steps.map(\.key) + [outline.key]).joined(separator: ".") }
    }

    /// A step down the tree.
    public struct Step: Sendable, Equatable {
        /// The key.
        public let key: String
        /// The kind, where the key holds a choice.
        public let kind: String?
        /// The option that makes the choice.
        public let option: String?
    }

    /// The top of the tree.
    public let outlines: [SettingOutline]
    /// The options, in the order of the declarations.
    public private(set) var entries: [Entry] = []

    /// The options of settings.
    public init(_ outlines: [SettingOutline]) {
        self.outlines = outlines
        collect(outlines, [])
    }

    /// The option of a name.
    public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    private mutating func collect(_ outlines: [SettingOutline], _ steps: [Step]) {
        for outline in outlines {
            let place = Place(steps: steps, outline: outline)
            if let option = outline.option {
                let names = option.flags.isEmpty ? [option.name] : option.flags.map(\.name)
                for name in names { add(name, place, isFlag: !option.flags.isEmpty || outline.isFlag) }
            }
            switch outline.content {
            case .value: break
            case .nested(let inner):
                collect(inner(), steps + [Step(key: outline.key, kind: nil, option: nil)])
            case .choice(let choice):
                for kind in choice.kinds {
                    let step = Step(key: outline.key, kind: kind.name, option: outline.option?.name)
                    collect(kind.settings, steps + [step])
                }
            }
        }
    }

    private mutating func add(_ name: String, _ place: Place, isFlag: Bool) {
        if let index = entries.firstIndex(where: { $0.name == name }) {
            precondition(entries[index].isFlag == isFlag, "--\(name) is both with and without a value")
            entries[index].places.append(place)
        } else {
            entries.append(Entry(name: name, places: [place], isFlag: isFlag))
        }
    }
}

extension OptionTable.Entry {
    /// What the words of a command line may be, for any of the settings.
    public func accepts(_ text: String) -> Bool { places.contains { $0.outline.accepts(text) } }
}

extension SettingOutline {
    var isFlag: Bool { if case .value(let value) = content { value.isFlag } else { false } }

    /// The names to choose from, where there is a closed list of them.
    public var names: [String] {
        switch content {
        case .value(let value): value.isFlag ? [] : value.names
        case .nested: []
        case .choice(let choice): choice.kinds.map(\.name)
        }
    }

    /// What the option's value must be; ends the sentence "expected …".
    public var allowed: String {
        switch content {
        case .value(let value): value.allowed
        case .nested: "settings"
        case .choice: "one of " + names.joined(separator: ", ")
        }
    }

    /// Whether the words of a command line are allowed.
    func accepts(_ text: String) -> Bool {
        switch content {
        case .value(let value): value.parse(text) != nil
        case .nested: false
        case .choice: names.contains(text)
        }
    }
}
