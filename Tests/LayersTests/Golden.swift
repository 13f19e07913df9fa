import Foundation
import Tensors

/// Decodes a file of `Tests/Golden/layers`, made by the script beside it.
func golden<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("../Golden/layers/\(name)").standardizedFileURL
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}

/// A float64 tensor as the script writes it.
struct GoldenTensor: Decodable {
    let shape: [Int]
    let values: [Double]

    var tensor: Tensor { Tensor(values, shape: shape) }
}
