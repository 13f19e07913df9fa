import Bounds
import Tensors

extension LatentVariableModel {
    /// What the model says of a batch with many draws of z, of which a few are kept by their weights for gradients.
    ///
    /// All are decoded without a history; only those kept are decoded again with one.
    ///
    /// - Parameters:
    ///   - x: `[batch, ...]`, preprocessed.
    ///   - samples: How many draws of z each example gets.
    ///   - kept: How many of them stay.
    ///   - rateWeight: What log p(z) − log q(z | x) counts in the weights.
    ///   - generator: Draws them, and chooses.
    /// - Returns: The terms of all draws, and of those kept, which know of what they are the rest.
    /// - Precondition: The likelihood is of the examples as they are and of one draw at a time, and posteriors depend on
    ///   the examples alone.
    public func terms(
        for x: Tensor, samples: Int, keeping kept: Int, rateWeight: Double, using generator: inout Generator
    ) -> (all: Terms, kept: Terms) {
        let groups = latentGroups(for: x, samples: samples, using: &generator)
        let (all, logWeights) = withoutGradients {
            let all = terms(of: groups, x)
            return (all, all.logWeights(rateWeight: rateWeight))
        }
        let resampling = Resampling(logWeights, keeping: kept, using: &generator)
        return (all, terms(of: groups.map { $0.keeping(resampling) }, x, resampling))
    }
}
