import Foundation
import Tensors

/// Decodes `Tests/Golden/<path>.json`, made by the script beside it; called from a file of `Tests/<Target>Tests`.
///
/// - Throws: What Foundation throws when the file is missing or of another form.
public func goldenValues<Value: Decodable>(
    _ path: String, as type: Value.Type = Value.self, from file: String = #filePath
) throws -> Value {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let json = folder.appendingPathComponent("../Golden/\(path).json").standardizedFileURL
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: json))
}

/// A float64 tensor as the scripts write it: `{"shape": […], "values": […]}`.
public struct GoldenTensor: Decodable {
    private let shape: [Int]
    private let values: [Double]

    /// The tensor.
    public var tensor: Tensor { Tensor(values, shape: shape) }
}
