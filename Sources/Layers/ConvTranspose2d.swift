import Tensors

/// The transpose of a convolution: the map that carries its gradients back, used to enlarge images.
///
/// A convolution of stride s takes s different heights to the same one; `outputSize` says which of them to go
/// back to. Without it the smallest is made, (H − 1) s − 2p + k.
///
/// Shapes: `[B, inputs, H, W]` → `[B, outputs, H', W']`; `weight` `[inputs, outputs / groups, k, k]`, `bias`
/// `[outputs]`.
public final class ConvTranspose2d: Layer {
    /// W.
    public let weight: Parameter
    /// b.
    public let bias: Parameter?
    private let kernelSize: Int
    private let stride: Int
    private let padding: Int
    private let groups: Int
    private let activation: FusedActivation
    private let outputSize: (height: Int, width: Int)?

    /// A transposed convolution with random weights.
    ///
    /// - Parameters:
    ///   - inputs: The channels that come in.
    ///   - outputs: The channels that go out.
    ///   - kernelSize: The window's height and width, k.
    ///   - stride: The distance between the windows written, s.
    ///   - padding: What is cut from each side, p.
    ///   - outputSize: The height and width to reach.
    ///   - groups: The number of parts of the channels that do not see one another.
    ///   - hasBias: Whether there is a b.
    ///   - activation: Applied to the result, in the same pass.
    ///   - initializer: How W and b start; its fan in is that of W's shape, as in PyTorch: outputs / groups · k².
    ///   - generator: Draws W and b.
    public init(
        inputs: Int, outputs: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
        outputSize: (height: Int, width: Int)? = nil, groups: Int = 1, hasBias: Bool = true,
        activation: FusedActivation = .none, initializer: Initializer = .uniformByFanIn,
        using generator: inout Generator
    ) {
        require(
            inputs % groups == 0 && outputs % groups == 0,
            "\(groups) groups must divide \(inputs) inputs and \(outputs) outputs")
        let shape = [inputs, outputs / groups, kernelSize, kernelSize]
        weight = Parameter(initializer.weights(shape, using: &generator))
        bias = hasBias ? Parameter(initializer.biases(forWeights: shape, outputs, using: &generator)) : nil
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
        self.groups = groups
        self.activation = activation
        self.outputSize = outputSize
    }

    /// The enlarged images.
    ///
    /// - Precondition: The size to reach is one of those that the convolution takes to the size of `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.transposeConvolved(
            weight: weight.value, bias: bias?.value, stride: stride, padding: padding,
            outputPadding: (
                outputPadding(from: x.size(along: -2), to: outputSize?.height),
                outputPadding(from: x.size(along: -1), to: outputSize?.width)
            ), groups: groups, activation: activation)
    }

    private func outputPadding(from input: Int, to output: Int?) -> Int {
        guard let output else { return 0 }
        let smallest = (input - 1) * stride - 2 * padding + kernelSize
        require(
            (smallest..<smallest + stride).contains(output),
            "from \(input) this layer reaches \(smallest) to \(smallest + stride - 1), not \(output)")
        return output - smallest
    }
}
