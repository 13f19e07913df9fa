import Settings

/// What a run chooses where the user does not, as parts of `config.json`: one for each set, and rules for other data.
public enum Preset {
    /// The preset of a named set, or the rule for other data.
    public static func json(for source: String, _ data: DataTraits) -> JSONValue {
        named[source] ?? suiting(data)
    }

    /// The presets by set.
    public static let named: [String: JSONValue] = [
        // pytorch/examples: 784-400-20, Adam at 1e-3, batches of 128, ten epochs, grey values.
        "mnist": [:],
        "fashion-mnist": [:],
        "binarized-mnist": ["model": ["kind": "vae", "latents": 40]],
        "freyfaces": [
            "model": [
                "kind": "vae", "latents": 8, "network": ["kind": "mlp", "hidden": [200]],
                "likelihood": gaussian(variance: 0.03),
            ],
            "training": ["epochs": 500, "batchSize": 100],
        ],
        "cifar10": ["model": photographs, "training": ["epochs": 20]],
        "cifar10-cut": ["model": photographs, "training": ["epochs": 30]],
        // With a short warm-up the rate presses the shape out of z before the decoder has use for it: all are discs.
        "sprites": [
            "model": ["kind": "vae", "latents": 10, "network": ["kind": "mlp", "hidden": [600, 300]]],
            "training": ["epochs": 13, "warmUpEpochs": 10],
        ],
    ]

    private static let photographs: JSONValue = [
        "kind": "vae", "latents": 128, "network": "conv", "likelihood": gaussian(variance: 0.02),
    ]

    private static func gaussian(variance: Double) -> JSONValue {
        ["kind": "gaussian", "variance": ["kind": "fixed", "value": .number(variance)]]
    }

    /// The rule for a set without a row of its own.
    private static func suiting(_ data: DataTraits) -> JSONValue {
        switch data.elements {
        case .real:
            return [
                "model": [
                    "kind": "vae", "latents": .integer(min(max(data.exampleShape[0] / 2, 2), 16)),
                    "network": ["kind": "mlp", "hidden": [128, 128]], "standardized": true,
                    "likelihood": ["kind": "gaussian", "variance": "pixel"],
                ],
                "training": [
                    "epochs": .integer(epochs(of: data.count)), "batchSize": 64, "schedule": "cosine",
                    "warmUpEpochs": .integer(epochs(of: data.count) / 10),
                ],
            ]
        case .binary: return [:]
        case .levels where (data.exampleShape.dropFirst().min() ?? 0) < 16:
            return ["training": ["epochs": 20]]
        case .levels:
            let epochs = epochs(of: data.count)
            return [
                "model": [
                    "kind": "vae", "latents": 32, "network": "conv",
                    "likelihood": data.exampleShape[0] == 3 ? "gaussian" : "bernoulli",
                ],
                "training": [
                    "epochs": .integer(epochs), "batchSize": 64, "warmUpEpochs": .integer(epochs / 10),
                ],
            ]
        }
    }

    /// Twenty passes over images in batches of 64, or as many more as make two thousand steps: a folder of a few
    /// hundred has hardly been looked at after twenty.
    private static func epochs(of count: Int) -> Int {
        let steps = max(1, (count + 63) / 64)
        return max(20, (2000 + steps - 1) / steps)
    }
}
