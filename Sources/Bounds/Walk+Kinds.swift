import Datasets
import Probability
import Tensors

// The kinds of walks.
extension Walk {
    /// Draws every latent from its posterior.
    ///
    /// A draw is a function of the generator, the example's index, the number of the draw and the latent's name: neither
    /// the cut into batches nor the order of parts changes it.
    ///
    /// - Parameters:
    ///   - observation: What is observed.
    ///   - samples: Draws for each example.
    ///   - first: The number of the first of them, where draws are made in parts.
    ///   - rateEstimate: How the bound finds its rates.
    ///   - generator: Draws the latents.
    /// - Returns: The walk.
    public static func inference(
        of observation: Observation, samples: Int = 1, startingAt first: Int = 0,
        rateEstimate: RateEstimate = .analytic, using generator: Generator
    ) -> Walk {
        observing(
            observation, draws: first..<first + samples, Filling(), rateEstimate: rateEstimate,
            using: generator)
    }

    /// The center of each posterior: the code of an example, and its reconstruction.
    ///
    /// - Parameters:
    ///   - observation: What is observed.
    ///   - depth: How many latents, the first in ancestral order, are the posterior's; those below are draws of the
    ///     prior, so that the reconstructions show what the first ones carry.
    ///   - temperature: The spread of the prior's draws.
    ///   - generator: Draws what the prior fills.
    /// - Returns: The walk.
    public static func reconstruction(
        of observation: Observation, depth: Int = .max, temperature: Double = 1,
        using generator: Generator = Generator(seed: 0)
    ) -> Walk {
        observing(
            observation, draws: 0..<1, Filling(source: .center, depth: depth, temperature: temperature),
            using: generator)
    }

    /// Draws every latent from its prior.
    ///
    /// - Parameters:
    ///   - count: How many examples to generate.
    ///   - first: The number of the first of them, where examples are generated in parts.
    ///   - classes: Their classes, for a model of classes.
    ///   - temperature: The spread of draws; below 1 they keep closer to the center of the prior.
    ///   - given: Values of some latents by name, `[1, count, ...]`, which are not drawn.
    ///   - generator: Draws the latents.
    /// - Returns: The walk.
    /// - Precondition: Priors can be tempered, where another temperature than 1 is asked for.
    public static func generation(
        _ count: Int, startingAt first: Int = 0, classes: [Int]? = nil, temperature: Double = 1,
        given: [String: Tensor] = [:],
        using generator: Generator
    ) -> Walk {
        precondition(
            classes.map { $0.count == count } ?? true,
            "\(count) examples of \(classes?.count ?? 0) classes")
        let indices = Array(first..<first + count)
        return Walk(
            observation: nil, indices: indices, classes: classes,
            keys: RowKeys(indices: indices, draws: 0..<1), noise: generator,
            filling: Filling(source: .prior, given: given, temperature: temperature))
    }

    /// Observes the examples at given values of the latents; latents without one are drawn from their prior.
    ///
    /// - Parameters:
    ///   - observation: What is observed.
    ///   - samples: How many values each example has.
    ///   - given: Values by the names of latents, `[samples, batch, ...]`.
    ///   - generator: Draws the others, and noise of dequantization.
    /// - Returns: The walk.
    public static func replay(
        of observation: Observation, samples: Int, given: [String: Tensor], using generator: Generator
    ) -> Walk {
        observing(
            observation, draws: 0..<samples, Filling(source: .prior, given: given), using: generator)
    }

    /// Draws latents from given posteriors in place of the encoder's.
    ///
    /// - Parameters:
    ///   - observation: What is observed.
    ///   - samples: Draws for each example.
    ///   - first: The number of the first of them.
    ///   - posteriors: By the names of latents; the others keep the encoder's.
    ///   - generator: Draws the latents.
    /// - Returns: The walk.
    public static func replay(
        of observation: Observation, samples: Int, startingAt first: Int = 0,
        posteriors: [String: any Distribution], using generator: Generator
    ) -> Walk {
        observing(
            observation, draws: first..<first + samples, Filling(posteriors: posteriors), using: generator)
    }

    private static func observing(
        _ observation: Observation, draws: Range<Int>, _ filling: Filling,
        rateEstimate: RateEstimate = .analytic, using generator: Generator
    ) -> Walk {
        let batch = observation.batch
        return Walk(
            observation: observation, indices: batch.indices, classes: batch.classes,
            keys: RowKeys(indices: batch.indices, draws: draws), noise: generator, filling: filling,
            rateEstimate: rateEstimate)
    }
}
