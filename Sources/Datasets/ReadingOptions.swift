import Formats
import Foundation

/// How a user's files are read.
///
/// What does not apply to a set is refused.
public struct ReadingOptions: Sendable, Equatable {
    /// Height and width for the images of a folder and for sprites; 0 keeps what there is.
    public var imageSize = 0
    /// 1 for grey or 3 for colour images of a folder; 0 keeps what there is.
    public var channels = 0
    /// The shape of an example for an array or a table whose rows are images: `[height, width]` or `[channels, height,
    /// width]`; `[numbers]` says that they are none.
    public var shape: [Int]?
    /// The columns of a table to learn, all of numbers when absent; one of text gives classes.
    public var columns: [String]?
    /// Whether the first row of a table holds names.
    public var header = CSV.Header.detected
    /// A file with the class of each example of an array or a table.
    public var labels: String?
    /// A file of the same kind with a test split.
    public var test: String?
    /// Whether columns with one value in all rows are kept, as for a model that learned them from other rows.
    public var keepsConstants = false
    /// Whether images that cannot be read are left out instead of ending the program.
    public var skipsBad = false

    /// Options under which everything is read as it is.
    public init(imageSize: Int = 0, channels: Int = 0) {
        self.imageSize = imageSize
        self.channels = channels
    }

    /// What of the options applies to other data than those that they were chosen for.
    ///
    /// - Parameter source: A name or a path.
    /// - Returns: The options for it.
    public func applying(to source: String) -> ReadingOptions {
        var options = self
        options.test = nil
        options.labels = nil
        options.keepsConstants = true
        // What is no file of a known kind is reported when it is opened.
        let kind = NamedSet.named(source) == nil ? try? DataFile.kind(of: URL(fileURLWithPath: source)) : nil
        if kind == nil { options.shape = nil }
        if kind != .csv { options.columns = nil }
        return options
    }

    /// The first option that is for files, with what it is for; `nil` where none is chosen.
    var ofFiles: (name: String, use: String)? {
        if shape != nil { return ("a shape", "an array or a table") }
        if columns != nil { return ("a choice of columns", "a table") }
        if labels != nil { return ("a file of labels", "an array or a table") }
        if test != nil { return ("a test file", "a file") }
        return nil
    }
}
