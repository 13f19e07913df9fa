import Tensors

/// A distribution over tensors.
///
/// The parameters' shape is `[batch..., event...]`: the last `eventRank` axes are one outcome, the others number
/// independent distributions. A density is per outcome, so its shape is `[batch...]`, in nats.
public protocol Distribution: Sendable {
    /// How many of the last axes make up one outcome.
    var eventRank: Int { get }

    /// `[batch..., event...]`: the shape of one draw of each distribution.
    var shape: [Int] { get }

    /// The type of the elements of an outcome.
    var dtype: DType { get }

    /// log p(x), in nats.
    ///
    /// Shapes: `x` broadcasts against `[batch..., event...]`; further leading axes are further batches → `[batch...]`.
    func logProbability(of x: Tensor) -> Tensor

    /// Whether `logProbability(of:)` can be asked of any outcome; otherwise it is known with a draw alone.
    var isKnownEverywhere: Bool { get }

    /// Whether the density of an outcome depends on the other outcomes that it is asked about with.
    var couplesOutcomes: Bool { get }

    /// Independent draws, without gradient.
    ///
    /// Shapes: → `leading + [batch..., event...]`.
    func sample(_ leading: [Int], using generator: inout Generator) -> Tensor
}

extension Distribution {
    /// `[batch...]`: the axes that number independent distributions.
    public var batchShape: [Int] { Array(shape.dropLast(eventRank)) }

    /// `[event...]`: the axes of one outcome.
    public var eventShape: [Int] { Array(shape.suffix(eventRank)) }

    /// It is, for nearly all.
    public var isKnownEverywhere: Bool { true }

    /// It does not, for nearly all.
    public var couplesOutcomes: Bool { false }

    /// One draw of each outcome.
    public func sample(using generator: inout Generator) -> Tensor {
        sample([], using: &generator)
    }

    /// Densities of elements as densities of outcomes.
    func summedOverEvent(_ elements: Tensor) -> Tensor { elements.summed(overLast: eventRank) }
}

/// A draw through which gradients reach the parameters, with its log density where only the draw knows it.
public struct Draw: Sendable {
    /// The outcome z, `leading + [batch..., event...]`.
    public let value: Tensor
    /// log q(z), `leading + [batch...]`; absent when the distribution can evaluate any outcome.
    public let logProbability: Tensor?

    /// A draw.
    public init(_ value: Tensor, logProbability: Tensor? = nil) {
        self.value = value
        self.logProbability = logProbability
    }
}

/// A distribution whose draws are a differentiable function of its parameters and of noise without them.
///
/// Source: Kingma, Welling 2014, section 2.4, arXiv:1312.6114.
public protocol Reparameterized: Distribution {
    /// Draws through which gradients flow.
    func draw(_ leading: [Int], using generator: inout Generator) -> Draw
}

extension Reparameterized {
    /// The draws of the reparameterised form, cut from their history.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        draw(leading, using: &generator).value.withoutGradient()
    }
}

/// A distribution that can be had without its dependence on its parameters, as gradients see it.
public protocol Detachable: Distribution {
    /// The same distribution with parameters cut from their history: the gradient of its density is the one along the
    /// outcome.
    func withoutGradient() -> Self
}

/// A distribution of independent elements, each of whose densities is known.
public protocol HasElementwiseDensity: Distribution {
    /// log p of each element, in nats.
    ///
    /// Shapes: as for `logProbability(of:)`, but → `[batch..., event...]`.
    func elementwiseLogProbability(of x: Tensor) -> Tensor
}

/// A distribution that one outcome can stand for, as in a picture.
public protocol HasCentre: Distribution {
    /// The mean, or what is close to it where that has no closed form, `[batch..., event...]`.
    var centre: Tensor { get }
}

/// A distribution of data that can be shown: its draws and its centre are pictures or rows.
public typealias Likelihood = Distribution & HasCentre

/// A distribution with a known expectation.
public protocol HasMean: HasCentre {
    /// E[x], `[batch..., event...]`.
    var mean: Tensor { get }
}

extension HasMean {
    /// The mean.
    public var centre: Tensor { mean }
}

/// A distribution with a known variance of each element.
public protocol HasVariance: HasMean {
    /// Var[x], `[batch..., event...]`.
    var variance: Tensor { get }
}

/// A distribution with a known entropy.
public protocol HasEntropy: Distribution {
    /// −E[log p(x)], `[batch...]`, in nats.
    func entropy() -> Tensor
}

/// A distribution whose divergence to some others has a closed form.
public protocol HasClosedFormDivergence: Distribution {
    /// KL(self ‖ other), `[batch...]`, in nats; `nil` where no closed form is known.
    func klDivergence(to other: any Distribution) -> Tensor?
}

/// A distribution of independent elements, whose divergence to some others is a sum over them.
public protocol HasElementwiseDivergence: HasClosedFormDivergence {
    /// KL(self ‖ other) element by element, `[batch..., event...]`, in nats; `nil` where no closed form is known.
    func elementwiseKLDivergence(to other: any Distribution) -> Tensor?
}

extension HasElementwiseDivergence {
    /// KL(self ‖ other), `[batch...]`, in nats; `nil` where no closed form is known.
    public func klDivergence(to other: any Distribution) -> Tensor? {
        elementwiseKLDivergence(to: other).map(summedOverEvent)
    }
}
