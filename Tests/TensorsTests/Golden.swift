import Foundation
import Tensors

/// Decodes a file of `Tests/Golden/tensors`, made by the script beside it.
func golden<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("../Golden/tensors/\(name)").standardizedFileURL
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}

/// A float64 tensor as the scripts write it.
struct GoldenTensor: Decodable {
    let shape: [Int]
    let values: [Double]

    var tensor: Tensor { Tensor(values, shape: shape) }
}

/// A row of a table of functions.
struct NamedFunction: Sendable, CustomStringConvertible {
    let description: String
    let apply: @Sendable (Tensor) -> Tensor

    init(_ name: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) {
        description = name
        self.apply = apply
    }
}
