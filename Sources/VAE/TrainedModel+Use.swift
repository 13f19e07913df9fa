import Bounds
import Datasets
import Models
import Probability
import Tensors

// The use of a trained model: generate, encode, decode, reconstruct. Examples are `[count] + exampleShape`; many of them
// go through the networks a few at a time, so that memory holds little beside the result. A code is the values of all
// latents side by side, `[count, units]`.
extension TrainedModel {
    /// Generated examples with the codes that they were decoded from.
    public struct Samples {
        /// `[count, units]`.
        public let codes: Tensor
        /// `[count] + exampleShape`.
        public let examples: Tensor
    }

    /// New examples: z ~ p(z), then x ~ p(x | z).
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - classes: Of the examples, for a model of classes: one for each.
    ///   - showsMean: Whether the mean of p(x | z) takes the place of a draw, as pictures of samples often do.
    ///   - temperature: The spread of z; below 1 samples keep closer to the typical.
    ///   - generator: Draws z, then x.
    /// - Returns: Codes and examples.
    /// - Precondition: The model has a prior, and one that can be tempered where another temperature than 1 is asked for.
    public func samples(
        _ count: Int, classes: [Int]? = nil, showingMean showsMean: Bool = true, temperature: Double = 1,
        using generator: inout Generator
    ) -> Samples {
        let noise = generator.child(generator.next())
        var codes: [Tensor] = []
        let examples = withoutGradients {
            inChunks(count) { range in
                let trace = model.trace(
                    .generation(
                        range.count, startingAt: range.lowerBound,
                        classes: classes.map { Array($0[range]) }, temperature: temperature, using: noise))
                codes.append(trace.code)
                var draws = trace.noise(named: "x")
                return showsMean ? trace.center : trace.likelihood.sample(using: &draws).squeezed(at: 0)
            }
        }
        return Samples(codes: .concatenated(codes, along: 0), examples: examples)
    }

    /// Whether every prior can be drawn from at another temperature than 1.
    public var canTemper: Bool {
        let trace = withoutGradients {
            model.trace(.generation(1, classes: classesInTurn(1), using: Generator(seed: 0)))
        }
        return trace.sites.allSatisfy { ($0.prior as? any Tempered)?.tempered(by: 0.5) != nil }
    }

    /// The classes 0, 1, …, 0, 1, … for so many examples; `nil` where the model is told of none.
    public func classesInTurn(_ count: Int) -> [Int]? {
        let classes = configuration.model.classes
        return classes == 0 ? nil : (0..<count).map { $0 % classes }
    }

    /// The mean of p(x | z), for codes `[count, units]` and, in a model of classes, as many classes.
    public func decode(_ codes: Tensor, classes: [Int]? = nil) -> Tensor {
        let sizes = traits.latents.map(\.size)
        return withoutGradients {
            inChunks(codes.size(along: 0)) { range in
                let parts = codes[.range(range)].split(sizes, along: 1)
                let given = zip(traits.latents, parts).map { latent, part in
                    (latent.name, part.reshaped([1, range.count] + latent.shape))
                }
                return model.trace(
                    .generation(
                        range.count, startingAt: range.lowerBound,
                        classes: classes.map { Array($0[range]) },
                        given: Dictionary(uniqueKeysWithValues: given), using: Generator(seed: 0))
                ).center
            }
        }
    }

    /// Codes of examples.
    public struct Codes {
        /// The centers of q(z | x), `[count, units]`.
        public let centers: Tensor
        /// The log-variances of q(z | x), `[count, units]`; absent where a posterior has none in closed form, or none.
        public let logVariances: Tensor?
    }

    /// The codes of preprocessed examples.
    public func encode(_ batch: Batch) -> Codes {
        withoutGradients {
            var logVariances: [Tensor] = []
            let centers = inChunks(batch.count) { range in
                let trace = model.trace(.reconstruction(of: Observation(batch[range])))
                if let some = trace.codeLogVariance { logVariances.append(some) }
                return trace.code
            }
            return Codes(
                centers: centers,
                logVariances: logVariances.isEmpty ? nil : .concatenated(logVariances, along: 0))
        }
    }

    /// A draw of q(z | x) for each of some preprocessed examples, `[count, units]`: their codes are draws of the aggregated
    /// posterior, which the centers are narrower than.
    ///
    /// - Parameters:
    ///   - batch: The examples.
    ///   - noise: Draws z; what an example gets does not depend on the others.
    /// - Returns: The draws.
    public func drawnCodes(of batch: Batch, using noise: Generator) -> Tensor {
        withoutGradients {
            inChunks(batch.count) { model.trace(of: batch[$0], samples: 1, using: noise).code }
        }
    }

    /// The mean of p(x | z) at the center of q(z | x): what the model keeps of each example.
    ///
    /// - Parameters:
    ///   - batch: The examples, preprocessed.
    ///   - depth: How many latents, the first in ancestral order, are the posterior's; the others are draws of their
    ///     prior.
    /// - Returns: `[count] + exampleShape`.
    public func reconstruct(_ batch: Batch, depth: Int = .max) -> Tensor {
        withoutGradients {
            inChunks(batch.count) { range in
                model.trace(
                    .reconstruction(
                        of: Observation(batch[range]), depth: depth, using: evaluationNoise)
                ).center
            }
        }
    }

    /// The largest error of a flow and its inverse over examples; `nil` for other models.
    public func roundTripError(_ x: Tensor) -> Double? {
        withoutGradients { (model as? FlowModel)?.roundTripError(of: x) }
    }
}

extension Trace {
    /// The sites whose values make up a code.
    private var coded: [Site] { sites.filter { $0.role != .noise } }

    /// The values of all latents side by side, `[batch, units]`, of one draw.
    package var code: Tensor {
        .concatenated(coded.map { $0.value.selected(0, along: 0).flattened(from: 1) }, along: 1)
    }

    /// The log-variances of all posteriors side by side, `[batch, units]`; `nil` where one has none.
    fileprivate var codeLogVariance: Tensor? {
        let variances = coded.compactMap { site -> Tensor? in
            guard let posterior = site.posterior as? any HasVariance, !(posterior is PointMass) else {
                return nil
            }
            let variance = posterior.variance
            return posterior.batchShape.count > 1 ? variance.selected(0, along: 0) : variance
        }
        guard variances.count == coded.count, !variances.isEmpty else { return nil }
        return .concatenated(variances.map { $0.flattened(from: 1).log() }, along: 1)
    }

    /// The center of p(x | z) of one draw, `[batch] + exampleShape`.
    package var center: Tensor {
        guard let shown = likelihood as? any HasCentre else {
            fatalError("p(x | z) has no center to show")
        }
        let center = shown.centre
        return shown.batchShape.count > 1 ? center.selected(0, along: 0) : center
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
