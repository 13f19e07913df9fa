import Foundation
import Settings

/// Configurations and models as JSON in which a key that means nothing is an error, not silence.
package enum StrictJSON {
    /// A value as text, its keys in order.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// Decodes `data` from the file at `path`.
    ///
    /// - Throws: `RunsError.malformed`, `.settings` or `.unknownSetting`.
    package static func decode<Value: Codable>(_ type: Value.Type, from data: Data, path: String) throws
        -> Value
    {
        let value: Value
        do {
            value = try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw RunsError.malformed(path: path, reason: reason(error, in: data))
        } catch let error as SettingsError {
            throw RunsError.settings(path: path, error)
        }
        // What the value would write is what it knows; anything else in the file has been ignored.
        let known = try JSONSerialization.jsonObject(with: encode(value))
        try check(JSONSerialization.jsonObject(with: data), against: known, at: "", path: path)
        return value
    }

    private static func check(_ given: Any, against known: Any, at place: String, path: String) throws {
        switch (given, known) {
        case (let given as [String: Any], let known as [String: Any]):
            for (key, value) in given.sorted(by: { $0.key < $1.key }) {
                let name = place.isEmpty ? key : place + "." + key
                guard let counterpart = known[key] else {
                    // A setting that is absent may also be written as null.
                    if value is NSNull { continue }
                    throw RunsError.unknownSetting(path: path, key: name, known: Array(known.keys))
                }
                try check(value, against: counterpart, at: name, path: path)
            }
        case (let given as [Any], let known as [Any]):
            for (index, pair) in zip(given, known).enumerated() {
                try check(pair.0, against: pair.1, at: "\(place)[\(index)]", path: path)
            }
        default: break
        }
    }

    private static func reason(_ error: DecodingError, in data: Data) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            return path.isEmpty ? "the top level" : "'" + path.joined(separator: ".") + "'"
        }
        switch error {
        case .keyNotFound(let key, let context): return "'\(key.stringValue)' is missing in \(place(context))"
        case .typeMismatch(let type, let context): return "\(place(context)) should be a \(type)"
        case .valueNotFound(let type, let context): return "\(place(context)) should be a \(type)"
        case .dataCorrupted(let context):
            guard context.codingPath.isEmpty else { return "\(place(context)): \(context.debugDescription)" }
            // Foundation calls a number that its setting cannot hold corrupt data, and does not say where it is.
            let isJSON = (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
            return isJSON
                ? "a number is out of range, or has a fraction where a whole one belongs" : "it is not JSON"
        @unknown default: return error.localizedDescription
        }
    }
}
