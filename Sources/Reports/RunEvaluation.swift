import Datasets
import Diagnostics
import Evaluation

/// What has been measured of a run, with everything that the numbers depend on: `evaluation.json`.
public struct RunEvaluation: Codable, Sendable, Equatable {
    /// The checksum of the checkpoint that was measured.
    public var checksum: String?
    /// The data.
    public var data: String
    /// What the model saw of them.
    public var preprocessing: Preprocessing
    /// The seed of the draws.
    public var seed: Int
    /// Bound, likelihood and units.
    public var evaluation: Evaluation
    /// The ELBO cut into parts, where it was asked for.
    public var surgery: Surgery?
    /// What the ELBO loses, where it was asked for.
    public var gaps: Gaps?
    /// log p(x) by another way, where it was asked for.
    public var annealed: AnnealedLikelihood?
    /// What a better prior would gain, where it was asked for.
    public var priorFit: PriorFit?
    /// How far units stand for known factors, where it was asked for.
    public var disentanglement: Disentanglement?
    /// How like data samples are, where it was asked for.
    public var realism: Realism?

    /// An evaluation; further measurements are put in as they are made.
    public init(
        checksum: String?, data: String, preprocessing: Preprocessing, seed: Int, evaluation: Evaluation
    ) {
        self.checksum = checksum
        self.data = data
        self.preprocessing = preprocessing
        self.seed = seed
        self.evaluation = evaluation
    }

    private enum CodingKeys: String, CodingKey {
        case checksum, data, preprocessing, seed, surgery, gaps, annealed, priorFit, disentanglement, realism
    }

    // The evaluation's own keys stand beside these: a script finds `elbo` where it looks first.

    /// Reads what is written.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            checksum: try container.decodeIfPresent(String.self, forKey: .checksum),
            data: try container.decode(String.self, forKey: .data),
            preprocessing: try container.decode(Preprocessing.self, forKey: .preprocessing),
            seed: try container.decode(Int.self, forKey: .seed), evaluation: try Evaluation(from: decoder))
        surgery = try container.decodeIfPresent(Surgery.self, forKey: .surgery)
        gaps = try container.decodeIfPresent(Gaps.self, forKey: .gaps)
        annealed = try container.decodeIfPresent(AnnealedLikelihood.self, forKey: .annealed)
        priorFit = try container.decodeIfPresent(PriorFit.self, forKey: .priorFit)
        disentanglement = try container.decodeIfPresent(Disentanglement.self, forKey: .disentanglement)
        realism = try container.decodeIfPresent(Realism.self, forKey: .realism)
    }

    /// Writes all keys at one level.
    public func encode(to encoder: any Encoder) throws {
        try evaluation.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(checksum, forKey: .checksum)
        try container.encode(data, forKey: .data)
        try container.encode(preprocessing, forKey: .preprocessing)
        try container.encode(seed, forKey: .seed)
        try container.encodeIfPresent(surgery, forKey: .surgery)
        try container.encodeIfPresent(gaps, forKey: .gaps)
        try container.encodeIfPresent(annealed, forKey: .annealed)
        try container.encodeIfPresent(priorFit, forKey: .priorFit)
        try container.encodeIfPresent(disentanglement, forKey: .disentanglement)
        try container.encodeIfPresent(realism, forKey: .realism)
    }

    /// Takes over what another evaluation holds and this one lacks.
    package mutating func complete(from other: RunEvaluation) {
        surgery = surgery ?? other.surgery
        gaps = gaps ?? other.gaps
        annealed = annealed ?? other.annealed
        priorFit = priorFit ?? other.priorFit
        disentanglement = disentanglement ?? other.disentanglement
        realism = realism ?? other.realism
    }
}
