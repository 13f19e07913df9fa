import Tensors
import TestSupport
import Testing

@Suite("Autograd")
struct AutogradTests {
    let x = Tensor([0.5, -1.5, 2])

    @Test("Value and gradients come together, for each input")
    func several() {
        let y = Tensor([3.0, 1, -1])
        let (value, gradients) = valueWithGradients(at: [x, y]) { ($0[0].squared() * $0[1]).sum() }
        expectClose(value, (x.squared() * y).sum())
        expectClose(gradients[0], 2 * x * y)
        expectClose(gradients[1], x.squared())
    }

    @Test("An input that is not used, or whose history is stopped, has gradient zero")
    func unused() {
        let (_, gradients) = valueWithGradients(at: [x, Tensor.ones([2, 2])]) { $0[0].sum() }
        expectClose(gradients[1], Tensor.zeros([2, 2]))
        expectClose(gradient(at: x) { _ in Tensor(3) }, Tensor(zerosLike: x))
        expectClose(gradient(at: x) { $0.withoutGradient().sum() }, Tensor(zerosLike: x))
        expectClose(gradient(at: x) { ($0.withoutGradient() * $0).sum() }, x)
        expectClose(gradient(at: x) { x in withoutGradients { x.sum() } }, Tensor(zerosLike: x))
        #expect(valueWithGradients(at: []) { _ in Tensor(3) }.gradients.isEmpty)
    }

    @Test("Uses of an input add up")
    func fanOut() {
        expectClose(gradient(at: x) { ($0 * $0 + $0 + $0).sum() }, 2 * x + 2)
        let (_, gradients) = valueWithGradients(at: [x, x]) { ($0[0] * $0[1].squared()).sum() }
        expectClose(gradients[0], x.squared())
        expectClose(gradients[1], 2 * x.squared())
    }

    @Test("Nothing is recorded outside a call, and nothing that comes out of one has a history")
    func histories() {
        let (value, gradients) = valueWithGradients(at: [x]) { $0[0].squared().sum() }
        #expect(!value.requiresGradient && !gradients[0].requiresGradient)
        #expect(!x.requiresGradient && !(x * 2).requiresGradient)
    }

    @Test("Gradients are differentiated again: derivatives of sin up to the third")
    func higherDerivatives() {
        func derivative(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
            { x in gradient(at: x, isDifferentiable: true) { f($0).sum() } }
        }
        let first = derivative { $0.sin() }
        expectClose(first(x), x.cos(), relative: 1e-15)
        expectClose(derivative(first)(x), -x.sin(), relative: 1e-15)
        expectClose(derivative(derivative(first))(x), -x.cos(), relative: 1e-15)
    }

    @Test("A mixed derivative reaches an outer input that the inner function captures")
    func mixed() {
        let y = Tensor([1.0, 2, 3])
        let mixed = gradient(at: x) { x in
            gradient(at: y, isDifferentiable: true) { (x * $0.squared()).sum() }.sum()
        }
        expectClose(mixed, 2 * y)
    }

    @Test("An inner gradient that is not differentiable is a constant, and leaves the outer history whole")
    func constantInside() {
        let outer = gradient(at: x) { x in
            let squares = x.squared()
            let slope = gradient(at: squares) { ($0 * $0).sum() }
            return (slope * squares).sum()
        }
        expectClose(outer, 2 * x.squared() * 2 * x)
    }

    @Test("A parameter keeps its identity: its gradient is found though the function captures it")
    func parameters() {
        let weight = Tensor([2.0, 3, 4])
        weight.setRequiresGradient(true)
        let (value, gradients) = valueWithGradients(at: [weight]) { _ in (weight * x).sum() }
        #expect(!value.requiresGradient)
        expectClose(gradients[0], x)
        weight.setRequiresGradient(false)
        #expect(!(weight * x).requiresGradient)
    }

    /// The Bernoulli kernel keeps slopes which a last walk may overwrite: a first one may not.
    @Test("A history that is kept is walked again with the same result")
    func keptHistory() {
        let logits = Tensor([Float(0.5), -1, 2, 0.1, -0.2, 3], shape: [2, 3])
        let x = Tensor([Float(1), 0, 1, 1, 1, 0], shape: [2, 3])
        let weights = Tensor([Float(3), -2])
        func loss(_ scale: Tensor) -> Tensor {
            ((logits * scale).bernoulliLogProbability(of: x) * weights).sum()
        }
        let once = gradient(at: Tensor(1.5), of: loss)
        let again = gradient(at: Tensor(1.5)) { scale in
            let value = loss(scale)
            expectClose(value.gradients(with: [scale], keepingHistory: true)[0], once, relative: 1e-6)
            return value
        }
        expectClose(again, once, relative: 1e-6)
    }

    @Test("Scopes nest and are left as they were found, also by an error")
    func scopes() {
        struct Stop: Error {}
        let weight = Tensor([2.0])
        weight.setRequiresGradient(true)
        func isRecording() -> Bool { (weight * 2).requiresGradient }
        let before = isRecording()
        withoutGradients {
            #expect(!isRecording())
            recordingGradients {
                #expect(isRecording())
                withoutGradients { #expect(!isRecording()) }
                #expect(isRecording())
            }
            expectClose(gradient(at: x) { $0.squared().sum() }, 2 * x)
            #expect(!isRecording())
        }
        #expect(throws: Stop.self) { try withoutGradients { throw Stop() } }
        #expect(isRecording() == before)
    }

    @Test("Threads record apart")
    func threads() async {
        await withTaskGroup(of: Bool.self) { group in
            for k in 1...8 {
                group.addTask {
                    (1...50).allSatisfy { _ in
                        let slope = gradient(at: Tensor([Double(k)])) { $0.squared().sum() }
                        return withoutGradients { slope.array() == [2 * Double(k)] }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test("Gradients, histories and the tensors inside them are freed")
    func leaks() {
        expectNoLeaks {
            _ = valueWithGradients(at: [x]) { $0[0].exp().sum() }
            _ = gradient(at: x) { x in
                gradient(at: x, isDifferentiable: true) { $0.sin().sum() }.squared().sum()
            }
            _ = gradient(at: x) { _ in Tensor(1) }
        }
    }
}
