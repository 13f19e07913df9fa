import Tensors

/// A convolution (a cross-correlation, as in all of deep learning) with a square window.
///
///     y[o, i, j] = b[o] + Σ_c,u,v W[o, c, u, v] x[c, s i + d u − p, s j + d v − p]
///
/// Shapes: `[B, inputs, H, W]` → `[B, outputs, H', W']` with H' = `outputSize(of: H)`; `weight`
/// `[outputs, inputs / groups, k, k]`, `bias` `[outputs]`.
public final class Conv2d: Layer {
    /// W.
    public let weight: Parameter
    /// b.
    public let bias: Parameter?
    private let kernelSize: Int
    private let stride: Int
    private let padding: Int
    private let dilation: Int
    private let groups: Int
    private let activation: FusedActivation

    /// A convolution with random weights.
    ///
    /// - Parameters:
    ///   - inputs: The channels that come in.
    ///   - outputs: The channels that go out.
    ///   - kernelSize: The window's height and width, k.
    ///   - stride: The distance between windows, s.
    ///   - padding: The zeros added on each side, p.
    ///   - dilation: The distance between the window's places, d.
    ///   - groups: The number of parts of the channels that do not see one another.
    ///   - hasBias: Whether there is a b.
    ///   - activation: Applied to the result, in the same pass.
    ///   - initializer: How W and b start.
    ///   - generator: Draws W and b.
    public init(
        inputs: Int, outputs: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1, hasBias: Bool = true, activation: FusedActivation = .none,
        initializer: Initializer = .uniformByFanIn,
        using generator: inout Generator
    ) {
        require(
            inputs % groups == 0 && outputs % groups == 0,
            "\(groups) groups must divide \(inputs) inputs and \(outputs) outputs")
        let shape = [outputs, inputs / groups, kernelSize, kernelSize]
        weight = Parameter(initializer.weights(shape, using: &generator))
        bias = hasBias ? Parameter(initializer.biases(forWeights: shape, outputs, using: &generator)) : nil
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.activation = activation
    }

    /// The convolution of images.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.convolved(
            weight: weight.value, bias: bias?.value, stride: stride, padding: padding, dilation: dilation,
            groups: groups, activation: activation)
    }

    /// The height, or width, that comes out for one that goes in.
    public func outputSize(of input: Int) -> Int {
        (input + 2 * padding - dilation * (kernelSize - 1) - 1) / stride + 1
    }
}
