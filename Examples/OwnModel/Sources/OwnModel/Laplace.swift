import Foundation
import VAE

/// A prior of our own: independent elements with log p(z) = Σ −|z_d| − log 2.
struct Laplace: Distribution {
    let shape: [Int]
    let dtype = DType.float32
    var eventRank: Int { shape.count }

    func logProbability(of z: Tensor) -> Tensor { -(z.magnitude() + log(2)).sum(along: -1) }

    /// By the inverse of the distribution function: log 2u below the median, −log 2(1 − u) above.
    func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let u = generator.uniform(leading + shape)
        return (u * 2).clamped(to: 1).log() - ((1 - u) * 2).clamped(to: 1).log()
    }
}
