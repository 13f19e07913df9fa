import Bounds
import Foundation
import Layers
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// A model of examples of 24 values, with three draws of z for each of five.
private struct Trial {
    static let dimensions = 24
    let model: GaussianVAE
    let state: ModuleState
    let x: Tensor

    init(_ variance: any VarianceRecipe) throws {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [2, 3, 4], latents: 3, network: .mlp(hidden: [7]),
            likelihood: .gaussian(variance: variance))
        model = try configuration.model()
        state = ModuleState(model)
        x = configuration.examples(5)
    }

    /// The terms of the examples, or of some, under noise of a seed.
    func terms(seed: UInt64 = 3, of examples: Tensor? = nil) -> Terms {
        var noise = Generator(seed: seed)
        return model.terms(for: examples ?? x, samples: 3, using: &noise)
    }

    func squaredError(_ terms: Terms) -> Tensor {
        (terms.examples - model.likelihood(of: terms.groups.map(\.draw.value)).centre).squared().mean()
    }
}

@Suite("A learned variance of the likelihood")
struct LearnedVarianceTests {
    static let key = "decoder.head.scaledLogVariance"

    @Test("It is one number, and starts at a tenth")
    func start() throws {
        let trial = try Trial(.learned)
        #expect(try trial.state.parameter(Self.key).value.shape == [1])
        let gaussian = try #require(trial.terms().likelihood as? DiagonalGaussian)
        expectClose(gaussian.variance, Tensor(repeating: 0.1, shape: [3, 5, 2, 3, 4]), relative: 1e-6)
    }

    /// −∂ log p / ∂ log σ² = D/2 (1 − s/σ²), s the mean squared error; the parameter holds a tenth of log σ².
    @Test("Its slope leads to the mean squared error and is zero there", arguments: [0.25, 1, 4])
    func slope(ratio: Double) throws {
        let trial = try Trial(.learned)
        let best = trial.squaredError(trial.terms()).scalar()
        let parameter = try trial.state.parameter(Self.key)
        parameter.value.copy(from: Tensor([log(best * ratio) / 10]))
        let place = try #require(trial.state.parameters.firstIndex { $0.key == Self.key })
        let found = trial.state.valueWithGradients { -trial.terms().logLikelihood.mean() }.gradients[place]
        let expected = 10 * Double(Trial.dimensions) / 2 * (1 - 1 / ratio)
        expectClose(found, Tensor([expected]), relative: 1e-4, absolute: 1e-2)
    }

    @Test(
        "However far it strays, variance and slope stay finite", arguments: [-1e6, -5, -1.05, 1.05, 5, 1e6])
    func guarded(value: Double) throws {
        let trial = try Trial(.learned)
        try trial.state.parameter(Self.key).value.copy(from: Tensor([value]))
        let place = try #require(trial.state.parameters.firstIndex { $0.key == Self.key })
        let (loss, gradients) = trial.state.valueWithGradients { -trial.terms().logLikelihood.mean() }
        #expect(loss.isFinite().allTrue())
        #expect(gradients[place].isFinite().allTrue())
        #expect((gradients[place] .!= 0).allTrue())
        let gaussian = try #require(trial.terms().likelihood as? DiagonalGaussian)
        let excess = abs(value * 10) - 10
        let expected = (value < 0 ? -1 : 1) * (10 + log1p(excess))
        expectClose(gaussian.variance.log().max().scalar(), expected, relative: 1e-5)
    }
}

@Suite("A variance of the likelihood for each pixel")
struct PixelVarianceTests {
    static let outputs = [-1e6, -30, -10.5, -3, -0.5, 0, 0.5, 1, 3, 10.5, 30, 1e6]
    static let floor = 4.5e-5

    static func variance(_ head: VarianceHead, _ a: Double) -> Double {
        switch head {
        case .exp:
            let excess = max(0, abs(a) - 10)
            return Foundation.exp(excess == 0 ? a : (a < 0 ? -1 : 1) * (10 + log1p(excess)))
        case .softplus: return (a > 30 ? a : log1p(Foundation.exp(a))) + floor
        case .square: return a * a + floor
        case .relu: return max(0, a) + floor
        }
    }

    /// A decoder whose output does not depend on z: means, then what becomes variances, both channel by channel.
    ///
    /// The tolerance is for float32, of which a logarithm and its inverse keep five digits.
    @Test(
        "It is the head's function of the output's second half, finite everywhere",
        arguments: VarianceHead.allCases)
    func values(_ head: VarianceHead) throws {
        let trial = try Trial(.pixel(head: head))
        let means = (0..<Trial.dimensions).map { Double($0) / 24 }
        let outputs = Self.outputs + Self.outputs.reversed()
        try trial.state.parameter("decoder.hidden.1.weight").value.copy(from: Tensor(0))
        try trial.state.parameter("decoder.hidden.1.bias").value.copy(from: Tensor(means + outputs))
        let gaussian = try #require(
            trial.model.likelihood(of: [.zeros([1, 3])]) as? DiagonalGaussian)
        expectClose(gaussian.mean, Tensor(means, shape: [1, 2, 3, 4]), relative: 1e-6)
        let expected = outputs.map { Self.variance(head, $0) }
        expectClose(gaussian.variance, Tensor(expected, shape: [1, 2, 3, 4]), relative: 1e-5)

        let (loss, gradients) = trial.state.valueWithGradients { -trial.terms().logLikelihood.mean() }
        #expect(loss.isFinite().allTrue())
        for (entry, gradient) in zip(trial.state.parameters, gradients) {
            #expect(gradient.isFinite().allTrue(), "\(entry.key)")
        }
    }
}

@Suite("The optimal variance of the likelihood")
struct OptimalVarianceTests {
    @Test("In training log p(x | z) averages to −D/2 (log 2πs + 1), s the mean squared error of all draws")
    func training() throws {
        let trial = try Trial(.optimal)
        let terms = trial.terms()
        let error = trial.squaredError(terms).scalar()
        let expected = -Double(Trial.dimensions) / 2 * (log(2 * .pi * error) + 1)
        expectClose(terms.logLikelihood.mean().scalar(), expected, relative: 1e-5)
    }

    /// The tolerance is for float32 sums in two orders.
    @Test("The loss has the gradient of D/2 log s in every parameter")
    func gradients() throws {
        let trial = try Trial(.optimal)
        let found = trial.state.valueWithGradients { -trial.terms().logLikelihood.mean() }.gradients
        let expected = trial.state.valueWithGradients {
            trial.squaredError(trial.terms()).log() * (Double(Trial.dimensions) / 2)
        }.gradients
        for (place, entry) in trial.state.parameters.enumerated() {
            expectClose(found[place], expected[place], relative: 1e-3, absolute: 1e-4, "\(entry.key)")
        }
    }

    @Test("Its average is the mean of ten steps, then moves a tenth of the way, once a step is taken")
    func average() throws {
        let trial = try Trial(.optimal)
        let running = try trial.state.buffer("decoder.head.runningVariance")
        var expected = 1.0
        for step in 1...14 {
            let terms = trial.terms(seed: UInt64(step))
            let update = try #require(trial.model.deferredUpdate(from: terms))
            expectClose(running.value.scalar(), expected, relative: 1e-5, "before step \(step)")
            let weight = max(0.1, 1 / Double(step))
            expected = expected * (1 - weight) + trial.squaredError(terms).scalar() * weight
            update()
            expectClose(running.value.scalar(), expected, relative: 1e-5, "step \(step)")
        }
        #expect(!running.value.requiresGradient)
    }

    @Test("In use it is the average, whatever the examples and their company, and stays as it is")
    func use() throws {
        let trial = try Trial(.optimal)
        trial.model.deferredUpdate(from: trial.terms(seed: 8))?()
        let running = try trial.state.buffer("decoder.head.runningVariance").value.scalar()
        #expect(running != 1)
        trial.state.setTraining(false)

        let terms = trial.terms()
        #expect(trial.model.deferredUpdate(from: terms) == nil)
        #expect(try trial.state.buffer("decoder.head.runningVariance").value.scalar() == running)
        let gaussian = try #require(terms.likelihood as? DiagonalGaussian)
        expectClose(gaussian.variance, Tensor(repeating: running, shape: [3, 5, 2, 3, 4]), relative: 1e-6)
        // One example alone, under its own draws.
        let alone = DiagonalGaussian(
            mean: gaussian.mean[.all, .range(1..<2)], logVariance: gaussian.logVariance, eventRank: 3)
        expectClose(
            alone.logProbability(of: trial.x[.range(1..<2)]), terms.logLikelihood[.all, .range(1..<2)],
            relative: 1e-6)
    }

    @Test("Draws in training have the average's variance too")
    func draws() throws {
        let trial = try Trial(.optimal)
        let z = Tensor.zeros([4, 3])
        func draws() -> Tensor {
            var noise = Generator(seed: 4)
            return trial.model.likelihood(of: [z]).sample(using: &noise)
        }
        let inTraining = draws()
        trial.state.setTraining(false)
        expectClose(draws(), inTraining)
    }
}
