import Foundation
import Testing

/// Something wrong that a user may hand to the program.
struct BadInput: CustomTestStringConvertible, Sendable {
    /// What is wrong, in a few words.
    let testDescription: String
    /// Files that lie in the folder, by path.
    var files: [String: Data] = [:]
    /// The command line.
    let line: String
    /// The exit status that sysexits has for it.
    let status: Int32
    /// What the one line on standard error says.
    let complaint: [String]

    init(
        _ description: String, _ files: [String: Data] = [:], line: String, status: Int32,
        saying complaint: String...
    ) {
        testDescription = description
        self.files = files
        self.line = line
        self.status = status
        self.complaint = complaint
    }
}
