import Foundation
import Models
import Runs
import Settings
import Training

extension RunConfiguration {
    /// The command that repeats a run; `nil` for a kind of model that the command line does not know.
    ///
    /// - Parameter path: Of the run's `config.json`.
    /// - Returns: A line for the shell.
    public func command(configuredAt path: String) -> String? {
        guard Self.models.isBuiltIn(type(of: model).kind) else { return nil }
        guard let refitted else { return "vae train --config " + quoted(path) }
        guard let prior = (model as? GaussianVAE.Configuration)?.prior else { return nil }
        let fit =
            ["--epochs", "\(training.epochs)", "--batch-size", "\(training.batchSize)"]
            + ["--learning-rate", "\(training.learningRate)"]
        let words = ["--prior", type(of: prior).kind] + prior.optionWords + (prior.isLearned ? fit : [])
        return (["vae refit", quoted(refitted)] + words).joined(separator: " ")
    }

    /// A path as the shell takes it, on one line that a terminal shows as it is.
    private func quoted(_ path: String) -> String {
        func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
        if path.allSatisfy({ isWord($0) || "/._-~".contains($0) }) { return path }
        func isShown(_ character: Character) -> Bool {
            isWord(character) || character.asciiValue.map { (0x20..<0x7F).contains($0) } == true
        }
        if path.allSatisfy(isShown) { return "'" + path.replacing("'", with: "'\\''") + "'" }
        // Line ends, escapes and the like as the octal numbers of their bytes.
        return "$'"
            + path.map { character in
                if character == "'" || character == "\\" { return "\\\(character)" }
                return isShown(character)
                    ? String(character) : character.utf8.map { String(format: "\\%03o", $0) }.joined()
            }.joined() + "'"
    }
}

extension RunConfiguration {
    /// Settings that may change between the sittings of a run, as they do not affect the steps already
    /// taken; other data are compared by their hashes.
    private static let changeable = [
        "training.epochs", "training.patience", "training.keepEvery", "data.source",
    ]

    /// Checks that nothing but that has changed since a checkpoint was written.
    ///
    /// - Parameters:
    ///   - text: The configuration then, as JSON.
    ///   - path: The file that holds this one.
    /// - Throws: `RunsError.changedSetting`, which names the first setting that differs.
    func checkUnchanged(since text: String?, path: String) throws {
        guard let text else { return }
        let then = try JSONValue(parsing: Data(text.utf8)).leaves
        // As text and back, which makes whole numbers of both alike.
        let now = try JSONValue(parsing: Data(json.text.utf8)).leaves
        for key in Set(then.keys).union(now.keys).sorted()
        where then[key] != now[key] && !Self.changeable.contains(key) {
            throw RunsError.changedSetting(
                path: path, key: key, then: then[key]?.description ?? "absent",
                now: now[key]?.description ?? "absent")
        }
    }
}
