import Bounds
import Datasets
import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite("The Rényi bound")
struct RenyiTests {
    private static func trace(samples: Int) -> Trace {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        var generator = Generator(seed: 3)
        let x = model.examples(6, using: &generator)
        return model.trace(of: Batch(x), samples: samples, using: Generator(seed: 1))
    }

    @Test("At order 0 it is the importance-weighted bound, and near 1 the ELBO of the same draws")
    func limits() {
        let trace = Self.trace(samples: 20)
        func loss(_ alpha: Double) -> Double {
            RenyiLoss(alpha: alpha).loss(of: trace, at: Moment()).scalar()
        }
        expectClose(loss(0), -trace.importanceWeightedBound().mean().scalar(), relative: 1e-12)
        expectClose(loss(1 - 1e-6), -trace.logWeights().mean().scalar(), relative: 1e-5)
    }

    @Test("It falls as the order rises, whatever the draws")
    func order() {
        let trace = Self.trace(samples: 20)
        let losses = [-2, -0.5, 0, 0.5, 0.9].map {
            RenyiLoss(alpha: $0).loss(of: trace, at: Moment()).scalar()
        }
        #expect(losses == losses.sorted())
    }

    /// E_q[w^(1 − α)] by the draws themselves.
    @Test("It is the formula")
    func formula() {
        let trace = Self.trace(samples: 7)
        let weights = trace.logWeights().array(of: Double.self)
        let alpha = 0.3
        let bounds = (0..<6).map { example in
            let powers = (0..<7).map { exp(weights[$0 * 6 + example] * (1 - alpha)) }
            return log(powers.reduce(0, +) / 7) / (1 - alpha)
        }
        expectClose(
            RenyiLoss(alpha: alpha).loss(of: trace, at: Moment()).scalar(), -bounds.reduce(0, +) / 6,
            relative: 1e-12)
    }

    @Test("It trains")
    func training() throws {
        try withTemporaryFolder { folder in
            let plan = Plan(epochs: 6) { ($0.objective, $0.samples) = (.renyi(alpha: 0.5), 4) }
            let losses = try plan.trained(in: folder).run.values("loss", of: "validation")
            #expect(losses.last! < losses[0])
        }
    }
}
