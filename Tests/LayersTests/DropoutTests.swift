import Layers
import Tensors
import TestSupport
import Testing

@Suite("Dropout")
struct DropoutTests {
    private func layer(_ probability: Double, seed: UInt64 = 11) -> Dropout {
        var generator = Generator(seed: seed)
        return Dropout(probability: probability, using: &generator)
    }

    @Test("elements are silenced or scaled, at the stated rate", arguments: [0.1, 0.5, 0.9])
    func rate(probability: Double) {
        let y = layer(probability)(.ones([100, 100]))
        let isKept = y .!= 0
        expectClose(y.elements(where: isKept).max().scalar(), 1 / (1 - probability), relative: 1e-6)
        expectClose(y.elements(where: isKept).min().scalar(), 1 / (1 - probability), relative: 1e-6)
        // Five standard errors of 10,000 draws.
        let error = 5 * (probability * (1 - probability) / 10_000).squareRoot()
        expectClose(isKept.converted(to: .float32).mean().scalar(), 1 - probability, absolute: error)
    }

    @Test("each call draws anew, and out of training there is no noise")
    func mode() {
        let layer = layer(0.5)
        let x = Tensor.ones([50])
        #expect((layer(x) .!= layer(x)).anyTrue())
        layer.isTraining = false
        expectClose(layer(x), x)
    }

    @Test("the gradient passes where the element does")
    func gradients() {
        let layer = layer(0.5)
        var y: Tensor?
        let found = gradient(at: Tensor.ones([40])) {
            let output = layer($0)
            y = output.withoutGradient()
            return output.sum()
        }
        expectClose(found, y ?? Tensor(0))
    }

    @Test("a layer that loads another's state draws the masks that it would have drawn")
    func resumes() throws {
        let original = layer(0.5)
        let x = Tensor.ones([50])
        _ = original(x)
        let saved = ModuleState(original).tensors.map { ($0.key, $0.tensor.copy()) }
        let resumed = layer(0.5, seed: 12)
        try ModuleState(resumed).load(Dictionary(uniqueKeysWithValues: saved))
        for _ in 0..<3 { expectClose(resumed(x), original(x)) }
    }

    @Test("two layers of one model draw different masks")
    func independence() {
        var generator = Generator(seed: 13)
        let layers = (0..<2).map { _ in Dropout(probability: 0.5, using: &generator) }
        let x = Tensor.ones([50])
        #expect((layers[0](x) .!= layers[1](x)).anyTrue())
    }

    @Test("a probability of one traps")
    func certain() async {
        await #expect(processExitsWith: .failure) {
            var generator = Generator(seed: 1)
            _ = Dropout(probability: 1, using: &generator)
        }
    }
}
