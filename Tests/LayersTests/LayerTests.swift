import Layers
import Tensors
import TestSupport
import Testing

/// A layer of `layers.json`; its weights are replaced by the file's.
struct LayerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let isTraining: Bool
    let make: @Sendable (inout Generator) -> any Layer

    init(_ name: String, isTraining: Bool = true, _ make: @escaping @Sendable (inout Generator) -> any Layer)
    {
        self.name = name
        self.isTraining = isTraining
        self.make = make
    }

    var testDescription: String { name }

    static let all: [LayerCase] =
        [
            LayerCase("linear") { Linear(inputs: 4, outputs: 3, using: &$0) },
            LayerCase("linear without bias") { Linear(inputs: 4, outputs: 3, hasBias: false, using: &$0) },
            LayerCase("linear with relu") { Linear(inputs: 4, outputs: 3, activation: .relu, using: &$0) },
            LayerCase("gated linear") { GatedLinear(inputs: 4, outputs: 3, using: &$0) },
            LayerCase("convolution") {
                Conv2d(inputs: 3, outputs: 2, kernelSize: 3, stride: 2, padding: 1, using: &$0)
            },
            LayerCase("grouped dilated convolution") {
                Conv2d(
                    inputs: 4, outputs: 6, kernelSize: 2, dilation: 2, groups: 2, hasBias: false, using: &$0)
            },
            LayerCase("transposed convolution") {
                ConvTranspose2d(inputs: 3, outputs: 2, kernelSize: 3, stride: 2, padding: 1, using: &$0)
            },
            LayerCase("transposed convolution to a size") {
                ConvTranspose2d(
                    inputs: 3, outputs: 2, kernelSize: 3, stride: 2, padding: 1, outputSize: (6, 7),
                    using: &$0)
            },
            LayerCase("grouped transposed convolution") {
                ConvTranspose2d(
                    inputs: 4, outputs: 6, kernelSize: 2, stride: 2, groups: 2, hasBias: false, using: &$0)
            },
            LayerCase("group normalisation") { _ in GroupNorm(groups: 2, channels: 6) },
            LayerCase("layer normalisation") { _ in LayerNorm(shape: [3, 4]) },
            LayerCase("batch normalisation in training") { _ in BatchNorm2d(channels: 3, momentum: 0.3) },
            LayerCase("batch normalisation in use", isTraining: false) { _ in
                BatchNorm2d(channels: 3, momentum: 0.3)
            },
            LayerCase("residual block") { ResidualBlock(inputs: 4, outputs: 4, groups: 2, using: &$0) },
            LayerCase("residual block with shortcut") {
                ResidualBlock(inputs: 4, outputs: 2, groups: 2, using: &$0)
            },
            LayerCase("sequence") {
                Sequential([
                    Flatten(), Linear(inputs: 6, outputs: 4, using: &$0), ActivationLayer(.tanh),
                    Linear(inputs: 4, outputs: 6, using: &$0), Reshape([2, 3]),
                ])
            },
        ]
        + Activation.allCases.map { activation in
            LayerCase("activation \(activation.rawValue)") { _ in ActivationLayer(activation) }
        }
}

@Suite("Layers against PyTorch")
struct LayerTests {
    struct Golden: Decodable {
        let x, cotangent, y, xGradient: GoldenTensor
        let parameters, buffers, gradients, buffersAfter: [String: GoldenTensor]
    }

    @Test("the file and the table hold the same layers")
    func table() throws {
        let names = try goldenValues("layers/layers", as: [String: Golden].self).keys
        #expect(Set(names) == Set(LayerCase.all.map(\.name)))
    }

    @Test("value, gradients and statistics are PyTorch's", arguments: LayerCase.all)
    func agreement(_ layerCase: LayerCase) throws {
        let all = try goldenValues("layers/layers", as: [String: Golden].self)
        let expected = try #require(all[layerCase.name])
        var generator = Generator(seed: 1)
        let layer = layerCase.make(&generator)
        let state = ModuleState(layer)
        state.setTraining(layerCase.isTraining)
        #expect(Set(state.parameters.map(\.key)) == Set(expected.parameters.keys))
        #expect(Set(state.buffers.map(\.key)) == Set(expected.buffers.keys))
        for (key, parameter) in state.parameters {
            let value = try #require(expected.parameters[key]).tensor
            #expect(parameter.value.shape == value.shape, "\(key)")
            parameter.value = value
        }
        func restoreBuffers() throws {
            for (key, buffer) in state.buffers { buffer.value = try #require(expected.buffers[key]).tensor }
        }

        try restoreBuffers()
        let cotangent = expected.cotangent.tensor
        var y: Tensor?
        let gradients = state.valueWithGradients {
            let output = layer(expected.x.tensor)
            y = output.withoutGradient()
            return (output * cotangent).sum()
        }.gradients
        expectClose(try #require(y), expected.y.tensor, relative: 1e-10, absolute: 1e-11)
        for ((key, _), gradient) in zip(state.parameters, gradients) {
            let wanted = try #require(expected.gradients[key]).tensor
            expectClose(gradient, wanted, relative: 1e-10, absolute: 1e-11, "\(key)")
        }
        for (key, buffer) in state.buffers {
            expectClose(
                buffer.value, try #require(expected.buffersAfter[key]).tensor, relative: 1e-11, "\(key)")
        }

        try restoreBuffers()
        let xGradient = gradient(at: expected.x.tensor) { (layer($0) * cotangent).sum() }
        expectClose(xGradient, expected.xGradient.tensor, relative: 1e-10, absolute: 1e-11)
    }

    @Test("a convolution tells the size it makes", arguments: [5, 6, 7, 8])
    func outputSize(height: Int) {
        var generator = Generator(seed: 2)
        let layer = Conv2d(inputs: 1, outputs: 1, kernelSize: 3, stride: 2, padding: 1, using: &generator)
        let y = layer(.zeros([1, 1, height, height + 3]))
        #expect(y.shape == [1, 1, layer.outputSize(of: height), layer.outputSize(of: height + 3)])
    }

    @Test("a transposed convolution goes back to every height and width", arguments: [5, 6, 7, 8])
    func sizeRegained(height: Int) {
        var generator = Generator(seed: 3)
        let down = Conv2d(inputs: 1, outputs: 2, kernelSize: 4, stride: 2, padding: 1, using: &generator)
        let up = ConvTranspose2d(
            inputs: 2, outputs: 1, kernelSize: 4, stride: 2, padding: 1, outputSize: (height, height + 3),
            using: &generator)
        #expect(up(down(.zeros([1, 1, height, height + 3]))).shape == [1, 1, height, height + 3])
    }

    @Test("a size out of reach traps with the sizes in reach")
    func sizeOutOfReach() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var generator = Generator(seed: 3)
            let up = ConvTranspose2d(
                inputs: 1, outputs: 1, kernelSize: 4, stride: 2, padding: 1, outputSize: (9, 6),
                using: &generator)
            _ = up(.zeros([1, 1, 3, 3]))
        }
        expectStandardError(of: result, says: ["from 3", "6 to 7, not 9"])
    }

    @Test("training and use leave no tensors behind", arguments: LayerCase.all)
    func leaks(_ layerCase: LayerCase) throws {
        let all = try goldenValues("layers/layers", as: [String: Golden].self)
        let x = try #require(all[layerCase.name]).x.tensor.converted(to: .float32)
        expectNoLeaks {
            var generator = Generator(seed: 1)
            let layer = layerCase.make(&generator)
            _ = ModuleState(layer).valueWithGradients { layer(x).sum() }
        }
    }
}
