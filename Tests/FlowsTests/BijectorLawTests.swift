import Flows
import Layers
import Probability
import TestSupport
import Tensors
import Testing

/// A bijector with the size of its vectors.
struct Instance: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let size: Int
    let make: @Sendable (inout Generator) -> any Bijector

    /// The bijector in float64, its weights spread so that nothing is near the identity.
    func bijector() -> any Bijector {
        var generator = Generator(seed: 3)
        let made = make(&generator)
        for (_, parameter) in ModuleState(Holder(bijector: made)).parameters {
            parameter.value = generator.normal(parameter.value.shape, dtype: .float64) * 0.4
        }
        return made
    }
}

/// Reaches the weights in a bijector that is no module itself.
final class Holder: Module {
    private let bijector: any Bijector

    init(bijector: any Bijector) {
        self.bijector = bijector
    }
}

/// An autoregressive layer that is told the same context for all outcomes.
final class ToldLayer: Module, Bijector {
    private let layer: MaskedAutoregressive
    private let context: Parameter

    init(using generator: inout Generator) {
        layer = MaskedAutoregressive(size: 3, hidden: [6], takesContext: true, using: &generator)
        context = Parameter(generator.normal([6]))
    }

    var eventRank: Int { layer.eventRank }

    func forward(_ x: Tensor) -> Transformed { layer.conditioned(on: context.value).forward(x) }

    func inverse(_ y: Tensor) -> Transformed { layer.conditioned(on: context.value).inverse(y) }
}

@Suite("Laws of bijectors")
struct BijectorLawTests {
    static let couplings = [
        Instance(testDescription: "a coupling that keeps the first half", size: 5) {
            AffineCoupling(size: 5, hidden: [7, 6], keepsFirst: true, using: &$0)
        },
        Instance(testDescription: "a coupling that keeps the second half", size: 5) {
            AffineCoupling(size: 5, hidden: [7], keepsFirst: false, using: &$0)
        },
        Instance(testDescription: "five couplings", size: 4) {
            CouplingFlow.affine(size: 4, layers: 5, hidden: [8], using: &$0)
        },
        Instance(testDescription: "couplings of a plane", size: 2) {
            CouplingFlow.affine(size: 2, layers: 4, hidden: [6], using: &$0)
        },
        Instance(testDescription: "a spline coupling that keeps the first half", size: 5) {
            SplineCoupling(size: 5, hidden: [7, 6], keepsFirst: true, using: &$0)
        },
        Instance(testDescription: "a spline coupling that keeps the second half", size: 5) {
            SplineCoupling(size: 5, hidden: [7], keepsFirst: false, pieces: 3, using: &$0)
        },
        Instance(testDescription: "four spline couplings", size: 4) {
            CouplingFlow.spline(size: 4, layers: 4, hidden: [8], using: &$0)
        },
    ]

    static let autoregressive = [
        Instance(testDescription: "an autoregressive layer", size: 5) {
            MaskedAutoregressive(size: 5, hidden: [7, 6], using: &$0)
        },
        Instance(testDescription: "an autoregressive layer with fewer units than elements", size: 5) {
            MaskedAutoregressive(size: 5, hidden: [3], using: &$0)
        },
        Instance(testDescription: "an autoregressive layer that is told a context", size: 3) {
            ToldLayer(using: &$0)
        },
        Instance(testDescription: "three autoregressive layers", size: 4) {
            MaskedAutoregressiveFlow(size: 4, layers: 3, hidden: [8], using: &$0)
        },
        Instance(testDescription: "two inverse autoregressive layers", size: 3) {
            Inverted(MaskedAutoregressiveFlow(size: 3, layers: 2, hidden: [8], using: &$0))
        },
    ]

    static let instances = couplings + autoregressive

    @Test("Both directions, the Jacobian and the shapes agree with one another", arguments: instances)
    func laws(of instance: Instance) {
        var generator = Generator(seed: 8)
        checkBijector(
            instance.bijector(), at: generator.normal([6, instance.size], dtype: .float64) * 2)
    }

    /// The rectifiers in the couplings leave kinks, so that the rule's error falls with the square of the step.
    @Test(
        "The flow of a Gaussian is a distribution: its density integrates to one, and the mean is that of its draws"
    )
    func distribution() {
        let flow = TransformedDistribution(
            DiagonalGaussian.standard(2, dtype: .float64), by: Self.couplings[3].bijector())
        let axis = Tensor.linearSpace(from: -20, to: 20, count: 401, dtype: .float64)
        let plane = Tensor.stacked(
            [axis.expanded(at: 1).broadcast(to: [401, 401]), axis.broadcast(to: [401, 401])], along: -1
        ).reshaped([401 * 401, 2])
        let mass = flow.logProbability(of: plane).exp() * 0.01
        expectClose(mass.sum().scalar(), 1, absolute: 1e-3)
        let mean = (mass.expanded(at: 1) * plane).sum(along: 0)
        var generator = Generator(seed: 9)
        let draws = flow.sample([20_000], using: &generator)
        let standardError = (draws.variance(along: 0) / 20_000).squareRoot()
        let deviations = ((draws.mean(along: 0) - mean) / standardError).magnitude()
        #expect((deviations .< 5.0).allTrue(), "\(deviations.array(of: Double.self)) standard errors")
    }

    @Test("In float32 the inverse leads back to 1e-4 within ten standard deviations", arguments: instances)
    func singlePrecision(_ instance: Instance) {
        var generator = Generator(seed: 5)
        let flow = instance.make(&generator)
        for (_, parameter) in ModuleState(Holder(bijector: flow)).parameters {
            parameter.value = parameter.value + generator.normal(parameter.value.shape) * 0.1
        }
        let x = (generator.uniform([1000, instance.size]) - 0.5) * 20
        expectClose(flow.forward(flow.inverse(x).value).value, x, absolute: 1e-4)
        expectClose(flow.inverse(flow.forward(x).value).value, x, absolute: 1e-4)
    }

    static let flows = [
        Instance(testDescription: "affine couplings", size: 40) {
            CouplingFlow.affine(size: 40, layers: 6, hidden: [64], using: &$0)
        },
        Instance(testDescription: "spline couplings", size: 40) {
            CouplingFlow.spline(size: 40, layers: 6, hidden: [64], using: &$0)
        },
        Instance(testDescription: "an even number of autoregressive layers", size: 40) {
            MaskedAutoregressiveFlow(size: 40, layers: 6, hidden: [64], using: &$0)
        },
        Instance(testDescription: "an odd number of autoregressive layers", size: 40) {
            MaskedAutoregressiveFlow(size: 40, layers: 3, hidden: [64, 64], using: &$0)
        },
    ]

    @Test("A new flow is close to the identity", arguments: flows)
    func beginning(_ instance: Instance) {
        var generator = Generator(seed: 6)
        let flow = instance.make(&generator)
        let x = generator.normal([20, 40])
        expectClose(flow.inverse(x).value, x, absolute: 0.2)
        expectClose(flow.forward(x).value, x, absolute: 0.2)
    }
}
