import Bounds
import Layers
import Probability
import Tensors

/// A model whose networks see the data at zero mean and unit variance.
public protocol StandardizesData: LatentVariableModel {
    /// Whether it does, as it is configured.
    var standardizesData: Bool { get }

    /// Takes over the moments of the training examples.
    ///
    /// Shapes: `exampleShape` both. An element that never changes has a deviation of 0 and is left at its scale.
    func standardize(by mean: Tensor, _ standardDeviation: Tensor)
}

/// y = (x − m) / s for each element, and densities of y as densities of x.
///
///     log p(x) = log p_y((x − m) / s) − Σ_d log s_d
final class Standardization: Module {
    private let mean: Buffer
    private let scale: Buffer
    private let eventRank: Int

    /// One that changes nothing until it is set.
    init(_ exampleShape: [Int]) {
        mean = Buffer(.zeros(exampleShape))
        scale = Buffer(.ones(exampleShape))
        eventRank = exampleShape.count
    }

    func set(mean: Tensor, standardDeviation: Tensor) {
        self.mean.value.copy(from: mean)
        let isConstant = (standardDeviation .== 0).converted(to: standardDeviation.dtype)
        scale.value.copy(from: standardDeviation + isConstant)
    }

    /// y of x.
    func callAsFunction(_ x: Tensor) -> Tensor { (x - mean.value) / scale.value }

    /// The density of x, of that of y.
    func undone(on density: any Likelihood) -> any Likelihood {
        ShiftedDensity(density, mean: mean.value, scale: scale.value)
    }
}

extension GaussianVAE: StandardizesData {
    /// As it is configured.
    public var standardizesData: Bool { standardization != nil }

    /// Takes over the moments of the training examples.
    public func standardize(by mean: Tensor, _ standardDeviation: Tensor) {
        standardization?.set(mean: mean, standardDeviation: standardDeviation)
    }
}
