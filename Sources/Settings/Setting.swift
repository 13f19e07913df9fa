/// One setting of a type: its key, its check, its option and its help.
public struct Setting<Root>: Sendable {
    /// How it is written and described, without its type.
    public let outline: SettingOutline
    let read: @Sendable (Root) -> JSONValue?
    let write: @Sendable (inout Root, JSONValue) throws -> Void
    let check: @Sendable (Root) throws -> Void
    let adapt: @Sendable (inout Root, DataTraits, JSONValue) -> Void

    /// The key in JSON.
    public var key: String { outline.key }
}

extension Setting where Root: Configurable {
    /// A setting with a value.
    ///
    /// - Parameters:
    ///   - key: Names it in JSON.
    ///   - path: Where it is kept.
    ///   - value: How it is read and checked.
    ///   - option: Its option on the command line; none where only a file has it.
    public init<Value>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ value: SettingValue<Value>,
        option: OptionOutline? = nil
    ) {
        self.init(
            outline: SettingOutline(
                key, .value(ValueOutline(value)), option: option,
                default: { value.encode(Root()[keyPath: path]) }),
            read: { value.encode($0[keyPath: path]) },
            write: { root, json in root[keyPath: path] = try value.checked(json, key) },
            check: { try value.check($0[keyPath: path], key) }, adapt: { _, _, _ in })
    }

    /// A setting that may be absent.
    ///
    /// - Parameters:
    ///   - key: Names it in JSON.
    ///   - path: Where it is kept.
    ///   - value: How it is read and checked, if it is there.
    ///   - option: Its option on the command line; none where only a file has it.
    public init<Value>(
        optional key: String, _ path: WritableKeyPath<Root, Value?> & Sendable, _ value: SettingValue<Value>,
        option: OptionOutline? = nil
    ) {
        self.init(
            outline: SettingOutline(
                key, .value(ValueOutline(value)), option: option,
                default: { Root()[keyPath: path].map(value.encode) }),
            read: { $0[keyPath: path].map(value.encode) },
            write: { root, json in
                root[keyPath: path] = json == .null ? nil : try value.checked(json, key)
            },
            check: { if let found = $0[keyPath: path] { try value.check(found, key) } },
            adapt: { _, _, _ in })
    }

    /// Settings of their own under a key.
    public static func nested<Value: Configurable>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable
    ) -> Setting {
        Setting(
            outline: SettingOutline(
                key, .nested { Value.settings.map(\.outline) }, option: nil,
                default: { Root()[keyPath: path].json }),
            read: { $0[keyPath: path].json },
            write: { root, json in
                root[keyPath: path] = try SettingsError.within(key) { try Value(json) }
            },
            check: { root in try SettingsError.within(key) { try root[keyPath: path].validate() } },
            adapt: { $0[keyPath: path].adapt(to: $1, given: $2) })
    }

    /// A choice among the kinds of a family.
    ///
    /// - Parameters:
    ///   - key: Names it in JSON.
    ///   - path: Where it is kept, as `any` member of the family.
    ///   - registry: The kinds.
    ///   - option: Its option on the command line; none where only a file has it.
    /// - Returns: The setting.
    public static func kind<Value, Family>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, of registry: Registry<Family>,
        option: OptionOutline? = nil
    ) -> Setting {
        @Sendable func choice(_ root: Root) -> any Choice {
            guard let choice = root[keyPath: path] as? any Choice else {
                preconditionFailure("\(key) of \(Root.self) is no choice")
            }
            return choice
        }
        @Sendable func set(_ root: inout Root, _ choice: any Choice) {
            guard let value = choice as? Value else {
                preconditionFailure("\(type(of: choice)) is no \(registry.family)")
            }
            root[keyPath: path] = value
        }
        return Setting(
            outline: SettingOutline(
                key,
                .choice(ChoiceOutline(family: registry.family) { registry.kinds.map(KindOutline.init) }),
                option: option, default: { choice(Root()).json }),
            read: { choice($0).json },
            write: { root, json in
                try SettingsError.within(key) { set(&root, try registry.choice(json)) }
            },
            check: { root in try SettingsError.within(key) { try choice(root).validate() } },
            adapt: { root, data, given in
                var adapted = choice(root)
                adapted.adapt(to: data, given: given)
                set(&root, adapted)
            })
    }

    /// The settings of a part as if they were the whole's own.
    public static func inlined<Value: Configurable>(
        _ path: WritableKeyPath<Root, Value> & Sendable
    ) -> [Setting] {
        Value.settings.map { setting in
            Setting(
                outline: setting.outline, read: { setting.read($0[keyPath: path]) },
                write: { try setting.write(&$0[keyPath: path], $1) },
                check: { try setting.check($0[keyPath: path]) },
                adapt: { setting.adapt(&$0[keyPath: path], $1, $2) })
        }
    }
}

extension SettingValue {
    fileprivate func checked(_ json: JSONValue, _ key: String) throws -> Value {
        guard let value = decode(json) else {
            throw SettingsError.invalid(setting: key, value: "\(json)", allowed: allowed)
        }
        return value
    }

    fileprivate func check(_ value: Value, _ key: String) throws {
        guard accepts(value) else {
            throw SettingsError.invalid(setting: key, value: "\(encode(value))", allowed: allowed)
        }
    }
}
