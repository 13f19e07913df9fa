import CommandLineKit
import VAE

// Measurements that look at pictures: their factors, and how real they are.
extension EvaluateCommand {
    static let disentanglement = Option.flag(
        "disentanglement",
        help: "Asks whether single units stand for the factors that the pictures are drawn from (sprites).")
    static let realism = Option.flag(
        "realism", help: "Compares samples with data: precision, recall, kernel distance and sharpness.")

    /// Images of each kind that are compared, at most.
    private static let imageLimit = 10_000
    /// Numbers in the codes of all examples that are scored, at most.
    private static let codeLimit = 1 << 24

    static func disentanglement(
        _ arguments: Arguments, _ input: RunInput, _ splits: DataSplits
    ) throws -> Measuring<Disentanglement>? {
        guard arguments[disentanglement] else { return nil }
        guard let grid = splits.grid else {
            throw Failure(
                "--disentanglement: the factors that \(splits.training.name) is drawn from are not known; "
                    + "'sprites' has such", exitCode: .dataError)
        }
        try input.trained.configuration.check(grid.source)
        let fewest = min(grid.source.count, MutualInformation.fewestExamples(of: grid.factors))
        let limit = max(fewest, codeLimit / input.trained.configuration.model.latents)
        let count = min(grid.source.count, limit, arguments[count] ?? grid.source.count)
        guard count >= fewest else {
            throw Failure(
                "--disentanglement: of \(count) combinations of the factors chance alone would tell more than a tenth "
                    + "of a factor; give -n \(fewest) at least, or all combinations without -n",
                exitCode: .dataError)
        }
        var order = Generator(seed: UInt64(arguments[Options.seed])).child(9)
        let places = order.permutation(of: grid.source.count).prefix(count).sorted()
        let passes = try EvaluationPasses(
            input, SubsetSource(grid.source, at: places), split: "all", seed: arguments[Options.seed],
            isQuiet: arguments[Options.quiet])
        return { try passes.disentanglement(values: places.map(grid.values), of: grid.factors) }
    }

    static func realism(
        _ arguments: Arguments, _ input: RunInput, _ splits: DataSplits
    ) throws -> Measuring<Realism>? {
        guard arguments[realism] else { return nil }
        guard input.trained.configuration.model.hasPrior else {
            throw Failure(
                "--realism: \(arguments[Options.run]) has no prior to draw samples from; fit one with 'vae refit "
                    + "\(arguments[Options.run])'", exitCode: .dataError)
        }
        let (split, source) = try input.split(of: splits)
        let count = min(source.count, imageLimit, arguments[count] ?? source.count)
        // At random, as a folder has its images class by class.
        var order = Generator(seed: UInt64(arguments[Options.seed])).child(10)
        func chosen(_ source: any DataSource) -> SubsetSource {
            SubsetSource(source, at: Array(order.permutation(of: source.count).prefix(count)))
        }
        let passes = try EvaluationPasses(
            input, chosen(source), split: split, seed: arguments[Options.seed],
            isQuiet: arguments[Options.quiet])
        let isApart = split != "training" && splits.training.count >= count
        let training = isApart ? chosen(splits.training) : nil
        let learnt = try classifierSource(arguments, input, splits)
        try passes.checkRealism(learningFrom: learnt)
        return { try passes.realism(learningFrom: learnt, training: training) }
    }

    /// What the classifier learns: the training split as the set has it, so that runs which set different examples aside
    /// for validation are compared in the same features.
    private static func classifierSource(
        _ arguments: Arguments, _ input: RunInput, _ splits: DataSplits
    ) throws -> any DataSource {
        let own = input.trained.configuration.data
        let isWhole = arguments.isGiven(Options.data) || own.validationCount == 0
        return isWhole ? splits.training : try input.splits(of: own.source).training
    }
}
