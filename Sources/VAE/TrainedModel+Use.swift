import Models
import Probability
import Tensors

// What a trained model is for: generate, encode, decode, reconstruct. Examples are `[count] + exampleShape`; many of
// them go through the networks a few at a time, so that memory holds little beside the result.
extension TrainedModel {
    /// New examples: z ~ p(z), then x ~ p(x | z).
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - classes: Of the examples, for a model of classes: one for each.
    ///   - showsMean: Whether the mean of p(x | z) takes the place of a draw, as pictures of samples often do.
    ///   - generator: Draws z, then x.
    /// - Returns: The latents of the groups and the examples.
    public func samples(
        _ count: Int, classes: [Int]? = nil, showingMean showsMean: Bool = true,
        using generator: inout Generator
    ) -> (latents: [Tensor], examples: Tensor) {
        withoutGradients {
            let latents = model.given(classes).sampleLatents(count, using: &generator)
            let examples = inChunks(count) { range in
                let likelihood = model.given(classes.map { Array($0[range]) }).likelihood(
                    of: latents.map { $0[.range(range)] })
                return showsMean ? likelihood.centre : likelihood.sample(using: &generator)
            }
            return (latents, examples)
        }
    }

    /// The classes 0, 1, …, 0, 1, … for so many examples; `nil` where the model is told of none.
    public func classesInTurn(_ count: Int) -> [Int]? {
        let classes = configuration.model.classes
        return classes == 0 ? nil : (0..<count).map { $0 % classes }
    }

    /// The mean of p(x | z), for latents `[count, latents]` and, in a model of classes, as many classes.
    public func decode(_ z: Tensor, classes: [Int]? = nil) -> Tensor {
        withoutGradients {
            inChunks(z.size(along: 0)) { range in
                model.given(classes.map { Array($0[range]) }).likelihood(of: [z[.range(range)]]).centre
            }
        }
    }

    /// The codes of preprocessed examples, `[count, latents]`: the means of q(z | x), and its log-variances where the
    /// encoder is not a point mass.
    public func encode(_ x: Tensor, classes: [Int]? = nil) -> (codes: Tensor, logVariances: Tensor?) {
        withoutGradients {
            var logVariances: [Tensor] = []
            let codes = inChunks(x.size(along: 0)) { range in
                let code = model.given(classes.map { Array($0[range]) }).code(of: x[.range(range)])
                if let variance = code.variance { logVariances.append(variance.log()) }
                return code.centre
            }
            return (codes, logVariances.isEmpty ? nil : Tensor.concatenated(logVariances, along: 0))
        }
    }

    /// The mean of p(x | z) at the mean of q(z | x): what the model keeps of each example.
    public func reconstruct(_ x: Tensor, classes: [Int]? = nil) -> Tensor {
        decode(encode(x, classes: classes).codes, classes: classes)
    }

    /// How far a flow and its inverse miss the examples, at most; `nil` for other models.
    public func roundTripError(_ x: Tensor) -> Double? {
        withoutGradients { (model as? FlowModel)?.roundTripError(of: x) }
    }

    /// The way between two codes, decoded: `[steps] + exampleShape`, both ends included.
    ///
    /// A straight line in z, as the Gaussian prior is flat enough along it for the codes of real examples.
    public func interpolation(from first: Tensor, to second: Tensor, class: Int? = nil, steps: Int)
        -> Tensor
    {
        let weights = Tensor.linearSpace(from: 0, to: 1, count: steps).expanded(at: 1)
        return decode(
            first.expanded(at: 0) * (1 - weights) + second.expanded(at: 0) * weights,
            classes: `class`.map { [Int](repeating: $0, count: steps) })
    }

    /// One unit of a code moved from −`range` to `range`, the others kept: `[steps] + exampleShape`.
    public func traversal(of code: Tensor, class: Int? = nil, unit: Int, range: Double = 3, steps: Int)
        -> Tensor
    {
        let places = Tensor.linearSpace(from: -range, to: range, count: steps).expanded(at: 1)
        let isUnit = Tensor([unit], shape: [1]).oneHot(classes: code.count).converted(to: .float32)
        return decode(
            code.expanded(at: 0) * (1 - isUnit) + places * isUnit,
            classes: `class`.map { [Int](repeating: $0, count: steps) })
    }

    /// The plane of two units at equal steps of prior probability: `[side · side] + exampleShape`, row by row.
    ///
    /// The places are z = Φ⁻¹(p), p = (i + ½) / side; the other units stay at the prior's mean. The first unit
    /// runs to the right, the second upwards. Source: Kingma, Welling 2014, figure 4.
    public func manifold(units: (Int, Int), class: Int? = nil, side: Int) -> Tensor {
        let quantiles = ((Tensor.range(to: Double(side)) + 0.5) / Double(side)).normalQuantile()
        let right = Tensor([units.0], shape: [1]).oneHot(classes: configuration.model.latents)
        let up = Tensor([units.1], shape: [1]).oneHot(classes: configuration.model.latents)
        let columns = quantiles.reshaped([1, side, 1]) * right.converted(to: .float32)
        let rows = quantiles.reversed(along: 0).reshaped([side, 1, 1]) * up.converted(to: .float32)
        return decode(
            (columns + rows).reshaped([side * side, configuration.model.latents]),
            classes: `class`.map { [Int](repeating: $0, count: side * side) })
    }
}

/// Makes many examples a few at a time.
///
/// - Parameters:
///   - count: How many in all, at least one.
///   - make: Makes those of a range.
/// - Returns: All of them.
package func inChunks(_ count: Int, make: (Range<Int>) throws -> Tensor) rethrows -> Tensor {
    let size = 256
    let parts = try stride(from: 0, to: count, by: size).map { try make($0..<min($0 + size, count)) }
    return parts.count == 1 ? parts[0] : Tensor.concatenated(parts, along: 0)
}
