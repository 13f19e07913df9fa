import Tensors

/// Numbers in rows, rows of rows and so on, as JSON's nested arrays have them.
struct NumberArray: Codable, Equatable {
    let shape: [Int]
    let values: [Double]

    /// Of a tensor, its axes from the outermost.
    init(_ tensor: Tensor) {
        shape = tensor.shape
        values = tensor.array(of: Double.self)
    }

    private init(shape: [Int], values: [Double]) {
        self.shape = shape
        self.values = values
    }

    /// In float64.
    var tensor: Tensor { Tensor(values, shape: shape) }

    init(from decoder: any Decoder) throws {
        if let number = try? decoder.singleValueContainer().decode(Double.self) {
            self.init(shape: [], values: [number])
            return
        }
        var container = try decoder.unkeyedContainer()
        var parts: [NumberArray] = []
        while !container.isAtEnd { parts.append(try container.decode(NumberArray.self)) }
        let inner = parts.first?.shape ?? []
        guard parts.allSatisfy({ $0.shape == inner }) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "rows of one length belong here")
        }
        self.init(shape: [parts.count] + inner, values: parts.flatMap(\.values))
    }

    func encode(to encoder: any Encoder) throws {
        guard let count = shape.first else {
            var container = encoder.singleValueContainer()
            return try container.encode(values[0])
        }
        var container = encoder.unkeyedContainer()
        if shape.count == 1 {
            for value in values { try container.encode(value) }
            return
        }
        let width = values.count / max(count, 1)
        for row in 0..<count {
            let part = Array(values[(row * width)..<((row + 1) * width)])
            try container.encode(NumberArray(shape: Array(shape.dropFirst()), values: part))
        }
    }
}
