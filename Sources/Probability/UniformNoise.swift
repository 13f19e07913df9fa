import Tensors

/// Independent elements from [0, 1), each as likely as any other.
public struct UniformNoise: Reparameterized {
    /// `batch + event`.
    public let shape: [Int]
    /// The type of the noise.
    public let dtype: DType
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// Noise of `batch + event`.
    public init(shape: [Int], eventRank: Int, dtype: DType = .float32) {
        self.shape = shape
        self.eventRank = eventRank
        self.dtype = dtype
    }

    /// 0 within the cube, −∞ outside.
    public func logProbability(of x: Tensor) -> Tensor {
        let inside = (x .>= 0) .& (x .< 1)
        return inside.converted(to: dtype).broadcast(to: x.shape.dropLast(shape.count) + shape).log().summed(
            overLast: eventRank)
    }

    /// Noise without parameters.
    public func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        Draw(generator.uniform(leading + shape, dtype: dtype))
    }
}

extension UniformNoise: HasClosedFormDivergence {
    /// Zero to noise of the same shape.
    public func klDivergence(to other: any Distribution) -> Tensor? {
        guard let other = other as? UniformNoise, other.shape == shape, other.eventRank == eventRank else {
            return nil
        }
        return .zeros(shape.dropLast(eventRank), dtype: dtype)
    }
}

extension UniformNoise: Detachable {
    /// The noise itself, which has no parameters.
    public func withoutGradient() -> UniformNoise { self }
}
