import Formats
import Foundation
import Runs
import TestSupport
import Testing

private let valid = """
    {"seed": 1, "rate": 0.5, "layers": [{"width": 2, "activation": "relu"}], "choice": {"scaled": {"by": 2}}}
    """

@Suite("Strict configurations")
struct ConfigurationTests {
    /// Reads a configuration that a person has written.
    func read(_ text: String) throws -> Settings {
        try withTemporaryFolder { folder in
            let run = try RunFolder(creating: folder, configuration: Settings())
            try Data(text.utf8).write(to: run.configurationURL)
            do {
                return try run.configuration(as: Settings.self)
            } catch let error as RunsError {
                #expect("\(error)".hasPrefix("\(run.configurationURL.path): "))
                #expect(!"\(error)".contains("\n"))
                throw error
            }
        }
    }

    @Test("A valid one is read; an optional may be there or not")
    func wellFormed() throws {
        let expected = Settings(
            seed: 1, rate: 0.5, layers: [.init(width: 2, activation: "relu")], choice: .scaled(by: 2))
        #expect(try read(valid) == expected)
        #expect(try read(valid.dropLast() + #", "note": "x"}"#).note == "x")
        #expect(try read(#"{"seed": 1, "rate": 1, "layers": [], "choice": {"plain": {}}}"#).layers.isEmpty)
    }

    @Test(
        "An unknown key is refused at any depth, with its place and the keys known there",
        arguments: [
            (#""seed""#, #""sead": 3, "seed""#, "sead", ["choice", "layers", "rate", "seed"]),
            (#""width""#, #""wdith": 3, "width""#, "layers[0].wdith", ["activation", "width"]),
            (#""by""#, #""from": 3, "by""#, "choice.scaled.from", ["by"]),
        ])
    func unknown(_ row: (place: String, replacement: String, key: String, known: [String])) throws {
        let text = valid.replacingOccurrences(of: row.place, with: row.replacement)
        let error = #expect(throws: RunsError.self) { try read(text) }
        guard case .unknownSetting(_, let key, let known) = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(key == row.key)
        #expect(known.sorted() == row.known)
        #expect("\(try #require(error))".contains("unknown setting '\(key)'; known here: \(row.known[0])"))
    }

    @Test(
        "What is no JSON, or of another form, is refused with its place",
        arguments: [
            ("", "it is not JSON"), ("{", "it is not JSON"), (valid + "}", "it is not JSON"),
            ("\u{0}", "it is not JSON"), ("5", "the top level should be a"),
            ("[]", "the top level should be a"),
            ("null", "the top level should be a"), ("{}", "'seed' is missing in the top level"),
            (
                valid.replacingOccurrences(of: "\"seed\": 1", with: "\"seed\": \"1\""),
                "'seed' should be a Int"
            ),
            (valid.replacingOccurrences(of: "\"seed\": 1", with: "\"seed\": 1.5"), "a number is out"),
            (valid.replacingOccurrences(of: "\"seed\": 1", with: "\"seed\": 1e30"), "a number is out"),
            (valid.replacingOccurrences(of: "0.5", with: "true"), "'rate' should be a Double"),
            (valid.replacingOccurrences(of: "0.5", with: "null"), "'rate' should be a Double"),
            (valid.replacingOccurrences(of: "2, ", with: "[], "), "'layers.[0].width' should be a Int"),
            (valid.replacingOccurrences(of: "scaled", with: "shifted"), "'choice'"),
            (valid.replacingOccurrences(of: "\"by\": 2", with: ""), "'by' is missing in 'choice.scaled'"),
        ])
    func malformed(_ row: (text: String, reason: String)) throws {
        let error = #expect(throws: RunsError.self) { try read(row.text) }
        guard case .malformed(_, let reason) = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(reason.contains(row.reason))
    }

    @Test("A configuration that is a folder is refused")
    func folder() throws {
        try withTemporaryFolder { folder in
            let run = try RunFolder(creating: folder, configuration: Settings())
            try FileManager.default.removeItem(at: run.configurationURL)
            try FileManager.default.createDirectory(
                at: run.configurationURL, withIntermediateDirectories: false)
            #expect(throws: FormatError.file(path: run.configurationURL.path, .notRegularFile)) {
                try run.configuration(as: Settings.self)
            }
        }
    }
}
