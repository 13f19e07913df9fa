/// What can be wrong with settings; `description` is one line.
///
/// A setting is named by its keys from the top, as in `model.prior.components`.
public enum SettingsError: Error, Equatable, CustomStringConvertible {
    /// A value is of the wrong type, out of its range, or does not suit other settings.
    case invalid(setting: String, value: String, allowed: String)
    /// A key is not known.
    case unknownSetting(String, known: [String])
    /// A choice names a kind that nobody has registered.
    case unknownKind(setting: String, family: String, kind: String, known: [String])
    /// A file is of another version of the format.
    case otherVersion(found: Int, expected: Int)
    /// A text is not JSON.
    case notJSON

    /// One line: the setting, its value, what is allowed.
    public var description: String {
        switch self {
        case .invalid(let setting, let value, let allowed):
            "\(setting.isEmpty ? "the value" : setting) is \(value); allowed: \(allowed)"
        case .unknownSetting(let setting, let known):
            "unknown setting '\(setting)'; known here: \(known.sorted().joined(separator: ", "))"
        case .unknownKind(let setting, let family, let kind, let known):
            "\(setting.isEmpty ? family : setting) is \(kind); this program knows \(known.joined(separator: ", "))"
        case .otherVersion(let found, let expected):
            "written by version \(found); this program reads \(expected); train anew"
        case .notJSON: "it is not JSON"
        }
    }

    /// The setting at fault, by its keys from the top; `nil` where the whole file is.
    public var setting: String? {
        switch self {
        case .invalid(let setting, _, _), .unknownSetting(let setting, _), .unknownKind(let setting, _, _, _):
            setting
        case .otherVersion, .notJSON: nil
        }
    }

    /// The same error seen from the settings that hold this one under a key.
    func within(_ key: String) -> SettingsError {
        func joined(_ setting: String) -> String { setting.isEmpty ? key : key + "." + setting }
        return switch self {
        case .invalid(let setting, let value, let allowed):
            .invalid(setting: joined(setting), value: value, allowed: allowed)
        case .unknownSetting(let setting, let known): .unknownSetting(joined(setting), known: known)
        case .unknownKind(let setting, let family, let kind, let known):
            .unknownKind(setting: joined(setting), family: family, kind: kind, known: known)
        case .otherVersion, .notJSON: self
        }
    }

    /// Throws unless a setting suits the others.
    ///
    /// - Throws: `SettingsError.invalid`.
    public static func require(
        _ holds: Bool, _ setting: String, _ value: Any, _ allowed: @autoclosure () -> String
    ) throws {
        guard holds else {
            throw SettingsError.invalid(setting: setting, value: "\(value)", allowed: allowed())
        }
    }

    /// Runs `body`, whose errors are those of the settings under a key.
    public static func within<Result>(_ key: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as SettingsError {
            throw error.within(key)
        }
    }
}
