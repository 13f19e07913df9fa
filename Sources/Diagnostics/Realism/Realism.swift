import Evaluation
import Tensors

/// How like data a model's images are: precision, recall and kernel distance in the features of a classifier, and sharpness.
public struct Realism: Codable, Sendable, Equatable {
    /// Which part of the data.
    public var split: String
    /// How many images of each kind.
    public var examples: Int
    /// k: how many neighbours the balls of precision and recall reach.
    public var neighbours: Int
    /// How many subsets the kernel distance is the mean over.
    public var subsets: Int
    /// How many of the data the classifier puts into their class.
    public var classifierAccuracy: Estimate
    /// The sharpness of the data.
    public var dataSharpness: Estimate
    /// What z of the prior is decoded to.
    public var samples: Likeness
    /// What the data's own z is decoded to.
    public var reconstructions: Likeness
    /// Training images in their place, which is what a perfect model could reach; absent where there are too few.
    public var training: Likeness?

    /// How like the data some images are.
    public struct Likeness: Codable, Sendable, Equatable {
        /// The share of them that lies where data are.
        public var precision: Estimate
        /// The share of data that lies where they are.
        public var recall: Estimate
        /// The squared distance of the two sets under a cubic kernel.
        public var kernelDistance: Estimate
        /// The variance of the Laplacian.
        public var sharpness: Estimate
    }
}

/// What is kept of images to tell how like others they are: features and sharpness.
public struct ImageTraits {
    private let classifier: FeatureClassifier
    private var blocks: [Tensor] = []
    private var sharpnesses: [Double] = []
    private var hits: [Bool] = []

    /// No images yet.
    public init(_ classifier: FeatureClassifier) {
        self.classifier = classifier
    }

    /// Adds images `[count, channels, height, width]` with values in [0, 1]; what lies outside is cut, as in pictures.
    public mutating func add(_ images: Tensor, classes: [Int]? = nil) {
        withoutGradients {
            let images = images.clamped(from: 0, to: 1)
            let features = classifier.features(of: images)
            blocks.append(features)
            sharpnesses += laplacianVariance(of: images).array(of: Double.self)
            guard let classes else { return }
            hits += zip(classifier.classes(ofFeatures: features), classes).map { $0 == $1 }
        }
    }

    /// How many images were added.
    public var count: Int { sharpnesses.count }
    /// The sharpness of the images.
    public var sharpness: Estimate { Estimate(of: sharpnesses) }
    /// How many of those added with their classes the classifier knows.
    public var accuracy: Estimate { Estimate(shareOf: hits) }

    fileprivate var features: Tensor { Tensor.concatenated(blocks, along: 0) }
}

/// Compares images with data.
public struct RealismEstimator {
    private let data: ImageTraits
    private let features: Tensor
    private let manifold: FeatureManifold
    private let neighbours: Int
    private let subsets: Int

    /// An estimator.
    ///
    /// - Parameters:
    ///   - data: What to compare with, in random order.
    ///   - neighbours: k of precision and recall.
    ///   - subsets: How many the kernel distance is the mean over.
    /// - Throws: `DiagnosticsError.tooFewImages`.
    public init(_ data: ImageTraits, neighbours: Int = 3, subsets: Int = 10) throws(DiagnosticsError) {
        try Self.check(imageCount: data.count, neighbours: neighbours, subsets: subsets)
        self.data = data
        self.neighbours = neighbours
        self.subsets = subsets
        features = data.features
        manifold = FeatureManifold(features, neighbours: neighbours)
    }

    /// Throws where so many images are too few to compare.
    ///
    /// - Parameters:
    ///   - count: How many there are.
    ///   - neighbours: k of precision and recall.
    ///   - subsets: How many the kernel distance is the mean over.
    /// - Throws: `DiagnosticsError.tooFewImages`.
    public static func check(
        imageCount count: Int, neighbours: Int = 3, subsets: Int = 10
    ) throws(DiagnosticsError) {
        guard count >= 2 * subsets, count > neighbours else { throw .tooFewImages }
    }

    /// How like the data some images are, as many as the data, in random order.
    public func likeness(of images: ImageTraits) -> Realism.Likeness {
        let others = images.features
        return Realism.Likeness(
            precision: Estimate(shareOf: manifold.contains(others)),
            recall: Estimate(
                shareOf: FeatureManifold(others, neighbours: neighbours).contains(features)),
            kernelDistance: kernelDistance(features, others, subsets: subsets), sharpness: images.sharpness)
    }

    /// The whole comparison.
    public func result(
        split: String, samples: ImageTraits, reconstructions: ImageTraits, training: ImageTraits?
    ) -> Realism {
        Realism(
            split: split, examples: data.count, neighbours: neighbours, subsets: subsets,
            classifierAccuracy: data.accuracy, dataSharpness: data.sharpness, samples: likeness(of: samples),
            reconstructions: likeness(of: reconstructions), training: training.map(likeness))
    }
}
