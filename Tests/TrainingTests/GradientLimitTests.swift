import Datasets
import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import Training

@Suite("The limit on gradients")
struct GradientLimitTests {
    /// The way that the weights take in one step of SGD at a learning rate of one: the gradient, reversed.
    ///
    /// The first momentum is the gradient itself.
    static func move(limit: Double) throws -> Tensor {
        var plan = Plan(epochs: 1) {
            $0.optimizer = .sgd
            $0.learningRate = 1
            $0.gradientLimit = limit
        }
        plan.training = pixels(8, seed: 1)
        plan.validation = nil
        return try withTemporaryFolder { folder -> Tensor in
            let sitting = try plan.begin(in: folder)
            func weights() -> Tensor {
                .concatenated(
                    ModuleState(sitting.model).tensors.map { $0.tensor.flattened().converted(to: .float64) },
                    along: 0)
            }
            let before = weights()
            _ = try sitting.trainer.train()
            #expect(sitting.trainer.progress.step == 1)
            return weights() - before
        }
    }

    /// The tolerance is a few roundings of float32 weights below one.
    @Test("A step keeps its direction and is as long as the limit")
    func limited() throws {
        let free = try Self.move(limit: 0)
        let norm = free.norm().scalar()
        #expect(norm > 0.1)
        let limited = try Self.move(limit: 0.01)
        expectClose(limited.norm().scalar(), 0.01, relative: 1e-3)
        expectClose(limited, free * (0.01 / norm), absolute: 1e-6)
    }

    @Test("A limit that is not reached changes nothing")
    func loose() throws {
        expectClose(try Self.move(limit: 1e6), try Self.move(limit: 0))
    }
}
