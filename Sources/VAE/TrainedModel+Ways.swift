import Bounds
import Datasets
import Foundation
import Probability
import Tensors

// Ways through the latent space, measured by the model's own prior.
extension TrainedModel {
    /// The way between two codes, decoded: `[steps] + exampleShape`, both ends included.
    ///
    /// A straight line in z under a Gaussian prior; where the prior is a flow with an inverse, a straight line in its
    /// base, so that the way does not leave the places that the prior knows.
    public func interpolation(from first: Tensor, to second: Tensor, class: Int? = nil, steps: Int)
        -> Tensor
    {
        let weights = Tensor.linearSpace(from: 0, to: 1, count: steps).expanded(at: 1)
        let ends = Tensor.stacked([first, second])
        let map = baseMap(class: `class`)
        let based = map.map { $0.inverse(ends).value } ?? ends
        let way = based[.range(0..<1)] * (1 - weights) + based[.range(1..<2)] * weights
        return decode(
            map.map { $0.forward(way).value } ?? way,
            classes: `class`.map { [Int](repeating: $0, count: steps) })
    }

    /// The bijector of a flow prior over the only latent.
    private func baseMap(class: Int?) -> (any Bijector)? {
        guard traits.hasPrior, traits.latents.count == 1 else { return nil }
        let trace = withoutGradients {
            model.trace(.generation(1, classes: `class`.map { [$0] }, using: Generator(seed: 0)))
        }
        return (trace.sites[0].prior as? TransformedDistribution<DiagonalGaussian>)?.bijector
    }

    /// Some units of a code, one at a time moved through its prior, the others kept: `[steps] + exampleShape` for each.
    ///
    /// The values have equal steps of the normal score t from −`range` to `range`: the prior holds Φ(t) below them. Under
    /// N(0, I) they are t itself; a model without a prior has t as well.
    public func traversals(
        of code: Tensor, class: Int? = nil, units: [Int], range: Double = 3, steps: Int
    ) -> [Tensor] {
        let scores = (0..<steps).map { -range + 2 * range * Double($0) / Double(max(1, steps - 1)) }
        let marginals = traits.hasPrior ? PriorMarginals(of: self, class: `class`) : nil
        let probabilities = scores.map { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
        let classes = `class`.map { [Int](repeating: $0, count: steps) }
        return units.map { unit in
            let values =
                marginals?.quantiles(probabilities, ofUnit: unit) ?? Tensor(scores.map(Float.init))
            let isUnit = Tensor([unit], shape: [1]).oneHot(classes: code.count).converted(to: .float32)
            return decode(
                code.expanded(at: 0) * (1 - isUnit) + values.expanded(at: 1) * isUnit, classes: classes)
        }
    }

    /// The plane of two units at equal steps of prior probability: `[side · side] + exampleShape`, row by row.
    ///
    /// The values hold p = (i + ½) / side of the prior below them; the other units stay at the prior's center. The first
    /// unit runs to the right, the second upwards. Source: Kingma, Welling 2014, figure 4.
    public func manifold(units: (Int, Int), class: Int? = nil, side: Int) -> Tensor {
        let marginals = PriorMarginals(of: self, class: `class`)
        let probabilities = (0..<side).map { (Double($0) + 0.5) / Double(side) }
        func oneHot(_ unit: Int) -> Tensor {
            Tensor([unit], shape: [1]).oneHot(classes: traits.units).converted(to: .float32)
        }
        func steps(_ unit: Int) -> Tensor {
            marginals.quantiles(probabilities, ofUnit: unit) - marginals.center[.at(unit)]
        }
        let columns = steps(units.0).reshaped([1, side, 1]) * oneHot(units.0)
        let rows = steps(units.1).reversed(along: 0).reshaped([side, 1, 1]) * oneHot(units.1)
        return decode(
            (columns + rows + marginals.center).reshaped([side * side, traits.units]),
            classes: `class`.map { [Int](repeating: $0, count: side * side) })
    }
}
