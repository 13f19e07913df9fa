import Datasets
import Layers
import Tensors

/// A small convolutional classifier, whose last hidden layer is a space in which images are compared.
///
///     x → convolutions of stride 2, until a side has 7 pixels at most → features (128, ReLU) → classes
///
/// It stands in for the Inception network of the field, whose features are of photographs in colour: numbers in these
/// features compare models of one data set, and nothing else.
public final class FeatureClassifier: Module {
    private let hidden: Sequential
    private let head: Linear
    /// Brings the mean square of the features of training images to 1, so that kernels of them have one scale.
    private let scale = Buffer(Tensor(1))

    /// The size of the feature space.
    static let featureCount = 128

    /// A classifier with random weights.
    ///
    /// - Parameters:
    ///   - exampleShape: `[channels, height, width]`.
    ///   - classes: How many classes.
    ///   - generator: Draws the weights.
    public init(exampleShape: [Int], classes: Int, using generator: inout Generator) {
        var layers: [any Layer] = []
        var shape = exampleShape
        repeat {
            let channels = min(16 << layers.count, 64)
            let convolution = Conv2d(
                inputs: shape[0], outputs: channels, kernelSize: 4, stride: 2, padding: 1, activation: .relu,
                using: &generator)
            layers.append(convolution)
            shape = [channels] + shape.dropFirst().map { convolution.outputSize(of: $0) }
        } while min(shape[1], shape[2]) > 7
        layers.append(Flatten())
        layers.append(
            Linear(
                inputs: shape.reduce(1, *), outputs: Self.featureCount, activation: .relu, using: &generator))
        hidden = Sequential(layers)
        head = Linear(inputs: Self.featureCount, outputs: classes, using: &generator)
    }

    /// The logits of images' classes, `[count, classes]`.
    func logits(of images: Tensor) -> Tensor { head(hidden(images)) }

    /// The features of images, `[count, 128]`, with a mean square of about 1.
    public func features(of images: Tensor) -> Tensor {
        withoutGradients { hidden(images) * scale.value }
    }

    /// The class that an image most likely has, `[count]`, of its features.
    public func classes(ofFeatures features: Tensor) -> [Int] {
        withoutGradients { head(features / scale.value).argmax(along: 1).array() }
    }

    /// How a classifier learns.
    public struct Training: Codable, Sendable, Equatable {
        /// Steps of Adam.
        public var steps = 1000
        /// Images in a step, or all where there are fewer.
        public var batchSize = 128
        /// The rate at the start; it falls to 0 along half a cosine.
        public var learningRate = 2e-3
        /// Determines weights and order.
        public var seed: UInt64 = 0

        /// The defaults.
        public init() {}
    }

    /// A classifier that has learnt the classes of images.
    ///
    /// - Parameters:
    ///   - source: The images with their classes.
    ///   - preprocessing: What is seen of them.
    ///   - training: How.
    ///   - didStep: Told after each step.
    /// - Returns: The classifier.
    /// - Throws: `DiagnosticsError.noClasses`, or errors of reading the data.
    /// - Precondition: There is a step.
    public static func trained(
        on source: any DataSource, preprocessing: Preprocessing, training: Training = Training(),
        didStep: () -> Void = {}
    ) throws -> FeatureClassifier {
        precondition(training.steps > 0, "a classifier that takes no step")
        let seed = Generator(seed: training.seed)
        let model = try FeatureClassifier(untrainedFor: source, training: training)
        let state = ModuleState(model)
        let optimizer = Adam(state)
        let loader = try BatchLoader(
            source, batchSize: min(training.batchSize, max(1, source.count)),
            shuffledBy: seed.child(named: "order"))
        let schedule = LearningRateSchedule.cosine(total: training.steps, warmUp: 0, floor: 0)
        var step = 0
        var images = Tensor(0)
        var epoch = 0
        while step < training.steps {
            for batch in loader.batches(epoch: epoch).prefix(training.steps - step) {
                let batch = preprocessing.apply(to: try batch.get(), using: seed.child(UInt64(step)))
                images = batch.examples
                let labels = Tensor(batch.classes ?? []).expanded(at: 1)
                let gradients = state.valueWithGradients {
                    -model.logits(of: images).logSoftmax(along: 1).gatheringElements(at: labels, along: 1)
                        .mean()
                }.gradients
                optimizer.step(
                    gradients: gradients,
                    learningRate: schedule.learningRate(at: step, base: training.learningRate))
                didStep()
                step += 1
            }
            epoch += 1
        }
        let meanSquare = model.features(of: images).squared().mean().scalar()
        model.scale.value = Tensor(1 / max(meanSquare, 1e-12).squareRoot())
        return model
    }

    /// A classifier of the shape that a set needs, with its weights at the start.
    ///
    /// - Throws: `DiagnosticsError.noClasses`.
    public convenience init(
        untrainedFor source: any DataSource, training: Training
    ) throws(DiagnosticsError) {
        guard let labels = source.labels, let most = labels.max(), Set(labels).count > 1 else {
            throw .noClasses
        }
        var weights = Generator(seed: training.seed).child(named: "weights")
        self.init(exampleShape: source.exampleShape, classes: most + 1, using: &weights)
    }
}
