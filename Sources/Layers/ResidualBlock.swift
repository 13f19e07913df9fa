import Tensors

/// A body whose output is added to its input, so that depth costs no gradient.
///
///     y = shortcut(x) + body(x)
///
/// Source: He, Zhang, Ren, Sun 2016, "Identity mappings in deep residual networks", arXiv:1603.05027.
public final class ResidualBlock: Layer {
    /// What is added.
    public let body: any Layer
    /// What stands for the input where the body changes its shape; nil for the input itself.
    public let shortcut: (any Layer)?

    /// A block around a body.
    public init(_ body: any Layer, shortcut: (any Layer)? = nil) {
        self.body = body
        self.shortcut = shortcut
    }

    /// The block for images: twice normalisation, activation and a 3 × 3 convolution.
    ///
    /// Shapes: `[B, inputs, H, W]` → `[B, outputs, H, W]`. Where the channels differ, a 1 × 1 convolution
    /// without bias is the shortcut.
    ///
    /// - Parameters:
    ///   - inputs: The channels that come in.
    ///   - outputs: The channels that go out.
    ///   - groups: The groups of the normalisations; they divide both.
    ///   - activation: Applied before each convolution.
    ///   - initializer: How the convolutions start.
    ///   - generator: Draws the weights.
    public convenience init(
        inputs: Int, outputs: Int, groups: Int, activation: Activation = .silu,
        initializer: Initializer = .uniformByFanIn, using generator: inout Generator
    ) {
        let body = Sequential([
            GroupNorm(groups: groups, channels: inputs),
            ActivationLayer(activation),
            Conv2d(
                inputs: inputs, outputs: outputs, kernelSize: 3, padding: 1, initializer: initializer,
                using: &generator),
            GroupNorm(groups: groups, channels: outputs),
            ActivationLayer(activation),
            Conv2d(
                inputs: outputs, outputs: outputs, kernelSize: 3, padding: 1, initializer: initializer,
                using: &generator),
        ])
        let shortcut =
            inputs == outputs
            ? nil
            : Conv2d(
                inputs: inputs, outputs: outputs, kernelSize: 1, hasBias: false, initializer: initializer,
                using: &generator)
        self.init(body, shortcut: shortcut)
    }

    /// The sum.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        (shortcut?(x) ?? x) + body(x)
    }
}
