import Layers
import Probability
import Tensors

/// p(z), with parameters λ of its own.
public protocol Prior: Module {
    /// p(z) over `[latents]`, or p(z | y) over `[batch, latents]` where it depends on the class.
    ///
    /// - Parameters:
    ///   - encoder: q(z | x), which a prior may be made of.
    ///   - classes: One-hot `[batch, classes]`, in a model of classes.
    /// - Returns: The distribution.
    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution

    /// Whether there is one for each class.
    var dependsOnClass: Bool { get }
}

extension Prior {
    /// There is one for all.
    public var dependsOnClass: Bool { false }
}
