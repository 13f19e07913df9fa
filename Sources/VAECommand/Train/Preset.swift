import VAE

/// What 'vae train' chooses where the user does not: one row for each set, and rules for other data.
struct Preset {
    var network: TrainCommand.NetworkName
    /// Widths of an mlp or gated network.
    var hidden = [400]
    var latents = 20
    var likelihood = TrainCommand.LikelihoodName.bernoulli
    /// The fixed σ² of a Gaussian likelihood.
    var variance = 0.05
    var training = TrainingSettings()

    /// The row of a named set.
    static func named(_ name: String) -> Preset? { rows[name] }

    /// The rule for a set without a row of its own.
    static func suiting(_ source: any DataSource) -> Preset {
        switch source.elementKind {
        case .real:
            Preset(
                network: .mlp, hidden: [64, 64], latents: 2, likelihood: .gaussian,
                training: settings(epochs: 50))
        case .binary: Preset(network: .mlp)
        case .bytes where (source.exampleShape.dropFirst().min() ?? 0) < 16:
            Preset(network: .mlp, training: settings(epochs: 20))
        case .bytes:
            Preset(
                network: .conv, latents: 32, likelihood: source.exampleShape[0] == 3 ? .gaussian : .bernoulli,
                training: settings(
                    epochs: epochs(of: source.count), batchSize: 64, warmUp: epochs(of: source.count) / 10))
        }
    }

    /// Twenty passes over images in batches of 64, or as many more as make two thousand steps: a folder of a few
    /// hundred has hardly been looked at after twenty.
    private static func epochs(of count: Int) -> Int {
        let steps = max(1, (count + 63) / 64)
        return max(20, (2000 + steps - 1) / steps)
    }

    /// The channels of a convolutional network whose stages bring an image down to 4 to 7 pixels.
    static func channels(for shape: [Int]) -> [Int] {
        let smallest = shape.dropFirst().min() ?? 1
        let stages = max(1, (1...10).last { smallest >> $0 >= 4 } ?? 1)
        return (0..<stages).map { stage in min(128, 32 << max(0, stage - stages + 3)) }
    }

    /// The width of a convolutional network's fully connected layer.
    static let features = 256

    private static let rows: [String: Preset] = [
        // pytorch/examples: 784-400-20, Adam at 1e-3, batches of 128, ten epochs, grey values.
        "mnist": Preset(network: .mlp),
        "fashion-mnist": Preset(network: .mlp),
        "binarized-mnist": Preset(network: .mlp, latents: 40),
        "freyfaces": Preset(
            network: .mlp, hidden: [200], latents: 8, likelihood: .gaussian, variance: 0.01,
            training: settings(epochs: 100, batchSize: 100)),
        "cifar10": Preset(
            network: .conv, latents: 128, likelihood: .gaussian, variance: 0.02,
            training: settings(epochs: 20)),
        "cifar10-cut": Preset(
            network: .conv, latents: 128, likelihood: .gaussian, variance: 0.02,
            training: settings(epochs: 30)),
        // With a short warm-up the rate presses the shape out of z before the decoder has use for it: all are discs.
        "sprites": Preset(
            network: .mlp, hidden: [600, 300], latents: 10, training: settings(epochs: 13, warmUp: 10)),
    ]

    private static func settings(epochs: Int, batchSize: Int = 128, warmUp: Int = 0) -> TrainingSettings {
        var settings = TrainingSettings()
        settings.epochs = epochs
        settings.batchSize = batchSize
        settings.warmUpEpochs = warmUp
        return settings
    }
}
