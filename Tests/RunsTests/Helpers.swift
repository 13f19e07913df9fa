import Foundation
import Runs
import TestSupport
import Testing

/// A configuration with everything that ours have: nesting, arrays, optionals, a choice with values of its own.
struct Settings: Codable, Equatable {
    struct Layer: Codable, Equatable {
        var width: Int
        var activation: String
    }

    enum Choice: Codable, Equatable {
        case plain
        case scaled(by: Double)
    }

    var seed = 7
    var rate = 1e-3
    var layers = [Layer(width: 3, activation: "relu"), Layer(width: 4, activation: "tanh")]
    var choice = Choice.scaled(by: 0.1)
    var note: String?
}

/// Runs `body` with a new run in a folder of its own.
func withRun(_ settings: Settings = Settings(), _ body: (RunFolder) throws -> Void) throws {
    try withTemporaryFolder { folder in
        try body(RunFolder(creating: folder.appendingPathComponent("run"), configuration: settings))
    }
}

/// The names of a folder's entries, hidden ones included.
func entries(of folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}
