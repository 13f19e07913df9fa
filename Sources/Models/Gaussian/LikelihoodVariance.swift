import Foundation
import Probability
import Tensors

extension GaussianVAE {
    /// σ² of a Gaussian p(x | z).
    public enum LikelihoodVariance: Sendable, Equatable {
        /// One number, given.
        case fixed(Double)
        /// One number, trained with the weights.
        case learned
        /// A number for each pixel, or value of a row, from the decoder's network.
        case pixel(head: VarianceHead = .exp)
        /// One number, the mean squared error: of the batch in training, its running average in use.
        ///
        /// Source: Rybkin, Daniilidis, Levine 2021, arXiv:2006.13202.
        case optimal
    }
}

extension GaussianVAE.LikelihoodVariance {
    /// How many numbers the network gives for each element of an example.
    var outputsPerElement: Int {
        if case .pixel = self { 2 } else { 1 }
    }

    /// The end of a decoder for examples of a shape.
    func head(for exampleShape: [Int]) -> any LikelihoodHead {
        let eventRank = exampleShape.count
        switch self {
        case .fixed(let variance):
            return PlainHead { mean in
                DiagonalGaussian(
                    mean: mean, logVariance: Tensor(log(variance), dtype: mean.dtype), eventRank: eventRank)
            }
        case .learned: return LearnedVarianceHead(eventRank: eventRank)
        case .pixel(let head):
            let values = exampleShape.reduce(1, *)
            return PlainHead { output in
                let leading = output.shape.prefix(output.rank - eventRank)
                // Channels come first in an example, so that halves of the channels are halves of all its values.
                let (mean, logVariance) = head.parameters(of: output.reshaped(leading + [2 * values]))
                return DiagonalGaussian(
                    mean: mean.reshaped(leading + exampleShape),
                    logVariance: logVariance.reshaped(leading + exampleShape), eventRank: eventRank)
            }
        case .optimal: return OptimalVarianceHead(eventRank: eventRank)
        }
    }

    /// The choice in a phrase.
    var summary: String {
        switch self {
        case .fixed(let variance): "variance \(variance)"
        case .learned: "one learned variance"
        case .pixel(let head): "a variance for each pixel by \(head.rawValue)"
        case .optimal: "the mean squared error as variance"
        }
    }
}

// A number, as in files of before there was a choice; "learned"; "optimal"; {"pixel": "exp"}.
extension GaussianVAE.LikelihoodVariance: Codable {
    private enum CodingKeys: String, CodingKey { case pixel }

    /// Reads a number, a name or the head of pixels.
    public init(from decoder: any Swift.Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: CodingKeys.self) {
            self = .pixel(head: try keyed.decode(VarianceHead.self, forKey: .pixel))
        } else if let name = try? String(from: decoder) {
            switch name {
            case "learned": self = .learned
            case "optimal": self = .optimal
            default:
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription:
                            "'\(name)' is no variance; known: a number, learned, optimal, {\"pixel\": head}"))
            }
        } else {
            self = .fixed(try Double(from: decoder))
        }
    }

    /// Writes a number, a name or the head of pixels.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .fixed(let variance): try variance.encode(to: encoder)
        case .learned: try "learned".encode(to: encoder)
        case .pixel(let head): try [CodingKeys.pixel.rawValue: head].encode(to: encoder)
        case .optimal: try "optimal".encode(to: encoder)
        }
    }
}
