import CommandLineKit
import Foundation
import VAE

extension RunInput {
    /// How many examples the units are measured over: enough to rank them.
    private static let exampleLimit = 500

    /// The latent units, the one that says most about the data first.
    func unitsByUse(in source: any DataSource) throws -> [Int] {
        let examples = try examples(of: source, at: Array(0..<min(source.count, Self.exampleLimit)))
        var evaluator = Evaluator(
            trained.model, settings: .init(), noise: Generator(seed: trained.configuration.seed))
        evaluator.add(examples)
        // Neither the split's name nor the kind of the bound enters the order.
        let units = evaluator.result(split: source.name, kind: .bound, discreteDimensions: nil).unitsByUse
        guard !units.isEmpty else {
            throw UsageError(
                "the model in \(trained.run.url.relativePath) has no units that say more than others; give '--units'"
            )
        }
        return units
    }
}
