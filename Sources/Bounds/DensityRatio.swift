import Layers
import Tensors

/// A network that learns the ratio of two densities by telling their draws apart.
///
///     f(z) = log D(z) / (1 − D(z)),   ½ E_q[softplus(−f)] + ½ E_r[softplus(f)] → min
///
/// D is the chance that z is from q; at the minimum f = log q/r.
///
/// Source: Sugiyama, Suzuki, Kanamori 2012, "Density ratio estimation in machine learning"; Nguyen, Wainwright, Jordan
/// 2010, arXiv:0809.0853.
public final class DensityRatio: Module {
    private let layers: Sequential

    /// A network with random weights.
    ///
    /// - Parameters:
    ///   - inputs: The numbers in a draw.
    ///   - hidden: Widths of its layers.
    ///   - generator: Draws the weights.
    public init(inputs: Int, hidden: [Int], using generator: inout Generator) {
        var chain: [any Layer] = []
        var width = inputs
        for size in hidden {
            chain.append(Linear(inputs: width, outputs: size, using: &generator))
            chain.append(ActivationLayer(.leakyReLU))
            width = size
        }
        layers = Sequential(chain + [Linear(inputs: width, outputs: 1, using: &generator)])
    }

    /// log q/r at `z`, `[n, inputs]` → `[n]`, nats.
    public func callAsFunction(_ z: Tensor) -> Tensor { layers(z).squeezed(at: 1) }

    /// What telling draws apart costs, nats: log 2 where nothing is known.
    ///
    /// - Parameters:
    ///   - draws: Of q, `[n, inputs]`.
    ///   - others: Of r, `[m, inputs]`.
    /// - Returns: A scalar.
    public func loss(of draws: Tensor, from others: Tensor) -> Tensor {
        ((-self(draws)).softplus().mean() + self(others).softplus().mean()) * 0.5
    }
}
