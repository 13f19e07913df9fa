import Bounds
import Flows
import Layers
import Probability
import Tensors

/// A normalising flow as a model: encoder and decoder are one bijector f and its inverse, without noise.
///
///     log p(x) = log N(f⁻¹(x) | 0, I) + log |det ∂f⁻¹/∂x|
///
/// It is the VAE whose encoder and decoder are point masses: their infinite densities cancel, and only the sum of
/// distortion and rate is finite. The sum is reported as the distortion. Images are dequantized, and seen through a logit.
///
/// Source: Rezende, Mohamed 2015, arXiv:1505.05770; Dinh, Sohl-Dickstein, Bengio 2017, arXiv:1605.08803.
public final class FlowModel: LatentVariableModel {
    /// The choices that made this model.
    public let configuration: Configuration
    private let flow: any Bijector & Module
    private let norm: ActNorm?
    private let dequantizer: Dequantizer?

    /// A model with random weights.
    ///
    /// - Throws: `SettingsError` when the configuration does not describe a model.
    public init(_ configuration: Configuration, using generator: inout Generator) throws {
        try configuration.validate()
        self.configuration = configuration
        let shape = configuration.exampleShape
        // Brings data of any scale to that of the base; in images the levels have one already.
        norm = shape.count == 1 ? ActNorm(channels: shape[0], eventRank: 1) : nil
        flow = configuration.architecture.make(for: shape, using: &generator)
        dequantizer = Dequantizer(
            configuration.dequantization, exampleShape: configuration.exampleShape, using: &generator)
    }

    /// From z to places on the line, or in the unit interval for levels.
    private var bijector: any Bijector {
        let logit = dequantizer == nil ? nil : Logit(margin: Self.margin, eventRank: flow.eventRank)
        let parts: [(any Bijector)?] = [flow, norm, logit]
        return Composition(parts.compactMap { $0 })
    }

    /// z = f⁻¹(x), exact for real numbers, with the noise of dequantization for levels.
    public func callAsFunction(_ walk: Walk) -> any Distribution {
        dequantizer?.shift(walk)
        let density = walk.flow(
            "z", prior: DiagonalGaussian.standard(configuration.exampleShape), through: bijector)
        return dequantizer == nil
            ? density : DequantizedDensity(density, dimensions: configuration.dimensions)
    }

    /// Real numbers, or the middles of the levels' bins.
    private func places(of x: Tensor) -> Tensor {
        dequantizer == nil ? x : DequantizedDensity.places(of: x, noise: Tensor(0.5))
    }

    /// The largest |f(f⁻¹(x)) − x| over a batch, in units of x: what rounding leaves of a map and its inverse.
    public func roundTripError(of x: Tensor) -> Double {
        let places = places(of: x)
        return (bijector.forward(bijector.inverse(places).value).value - places).magnitude().max(along: 0)
            .flattened().max(along: 0).scalar()
    }

    /// As in RealNVP: black and white are at ±2.9 before the flow.
    private static let margin = 0.05
}
