import Datasets
import Tensors

/// A batch that walks observe, with what encoders have computed of it.
///
/// Evidence is computed once, however many walks follow: draws in parts, refinement and annealing share it. Make another
/// observation where the encoder's weights have changed.
public final class Observation {
    /// The examples, preprocessed, with their classes and indices.
    public let batch: Batch
    /// Whether evidence records its history even in a walk that records none.
    let recordsEvidence: Bool
    private var evidence: [Any] = []

    /// An observation of a batch.
    ///
    /// - Parameters:
    ///   - batch: The examples, preprocessed.
    ///   - recordsEvidence: Whether evidence records its history even in a walk that records none, because a replay
    ///     with gradients follows.
    public init(_ batch: Batch, recordsEvidence: Bool = false) {
        self.batch = batch
        self.recordsEvidence = recordsEvidence
    }

    /// The evidence of a place in the walk, computed by the first walk that asks for it.
    func evidence<Evidence>(_ place: Int, _ make: (Tensor) -> Evidence) -> Evidence {
        if place == evidence.count {
            let made = recordsEvidence ? recordingGradients { make(batch.examples) } : make(batch.examples)
            evidence.append(made)
        }
        guard let found = evidence[place] as? Evidence else {
            fatalError("two walks over one observation ask for different evidence")
        }
        return found
    }
}
