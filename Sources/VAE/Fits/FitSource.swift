import Classical
import Datasets
import Foundation

/// Which rows a model was fitted to, so that others can be brought to it alike.
public struct FitSource: Codable, Sendable, Equatable {
    /// A named set or a path.
    public var data: String
    /// The columns of a table, in the order of the model's numbers; absent where they have no names.
    public var columns: [String]?
    /// The shape of a row: that of an image, or how many numbers.
    public var shape: [Int]
    /// The run whose encoder made codes of the data; absent where the model is of the data themselves.
    public var run: String?

    /// A source.
    public init(data: String, columns: [String]? = nil, shape: [Int], run: String? = nil) {
        self.data = data
        self.columns = columns
        self.shape = shape
        self.run = run
    }

    /// What to call each number of a row.
    public var names: [String] {
        columns ?? (0..<shape.reduce(1, *)).map { (run == nil ? "x" : "z") + "\($0)" }
    }

    /// Whether rows are images.
    public var isPictorial: Bool { shape.count == 3 && run == nil }

    /// Whether all numbers of a row are of one unit: pixels, or codes.
    public var sharesUnit: Bool { isPictorial || run != nil }

    /// What to call the set: its name, or the last part of its path.
    public var name: String { URL(fileURLWithPath: data).lastPathComponent }
}
