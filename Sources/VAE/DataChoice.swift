import Datasets
import Foundation

/// Which data a run learns, and what its model sees of them.
public struct DataChoice: Codable, Sendable, Equatable {
    /// A named set or a path.
    public var source: String
    /// Images of a folder are brought to this height and width; 0 keeps their own.
    public var imageSize: Int
    /// 1 for grey, 3 for colour; 0 keeps what the set has.
    public var channels: Int
    /// How many training examples are set aside for validation, where the set has no such split of its own.
    public var validationCount: Int
    /// What the model sees.
    public var preprocessing: Preprocessing

    /// A choice.
    public init(
        _ source: String, imageSize: Int = 0, channels: Int = 0, validationCount: Int = 0,
        preprocessing: Preprocessing = .grey
    ) {
        self.source = source
        self.imageSize = imageSize
        self.channels = channels
        self.validationCount = validationCount
        self.preprocessing = preprocessing
    }
}
