import Datasets
import Diagnostics
import Evaluation
import Foundation
import Tensors
import Testing
import TestSupport

@Suite("Realism by NumPy")
struct RealismGoldenTests {
    private struct Golden: Decodable {
        let data: GoldenTensor
        let samples: GoldenTensor
        let samplesInside: [Bool]
        let dataInside: [Bool]
        let kernelDistance: Estimate
        let images: GoldenTensor
        let sharpness: [Double]
    }

    @Test("Precision and recall: who lies in the balls of whom")
    func manifolds() throws {
        let golden: Golden = try goldenValues("evaluation/realism")
        let (data, samples) = (golden.data.tensor, golden.samples.tensor)
        #expect(FeatureManifold(data, neighbours: 3).contains(samples) == golden.samplesInside)
        #expect(FeatureManifold(samples, neighbours: 3).contains(data) == golden.dataInside)
        #expect(Set(golden.samplesInside).count == 2 && Set(golden.dataInside).count == 2)
    }

    @Test("Kernel distance over subsets, with its standard error")
    func distance() throws {
        let golden: Golden = try goldenValues("evaluation/realism")
        let found = kernelDistance(golden.data.tensor, golden.samples.tensor, subsets: 4)
        expectClose(found.mean, golden.kernelDistance.mean, relative: 1e-10)
        expectClose(found.standardError, golden.kernelDistance.standardError, relative: 1e-10)
    }

    @Test("The variance of the Laplacian")
    func laplacian() throws {
        let golden: Golden = try goldenValues("evaluation/realism")
        expectClose(laplacianVariance(of: golden.images.tensor), Tensor(golden.sharpness), relative: 1e-12)
    }
}

@Suite("Features compared")
struct FeatureComparisonTests {
    private func cloud(_ count: Int, seed: UInt64, at centre: Double = 0) -> Tensor {
        var generator = Generator(seed: seed)
        return generator.normal([count, 8]) + centre
    }

    @Test("More examples than a block: each in its own ball, none far away")
    func blocks() {
        let data = cloud(1100, seed: 1)
        let manifold = FeatureManifold(data)
        #expect(manifold.contains(data).allSatisfy { $0 })
        #expect(!manifold.contains(cloud(600, seed: 2, at: 30)).contains(true))
    }

    @Test("The balls do not shrink with more neighbours, and copies have balls of radius 0")
    func neighbours() {
        let (data, others) = (cloud(200, seed: 3), cloud(200, seed: 4))
        let counts = [1, 3, 10].map { k in
            FeatureManifold(data, neighbours: k).contains(others).count { $0 }
        }
        #expect(counts[0] < counts[1] && counts[1] < counts[2])
        let copies = FeatureManifold(Tensor.zeros([10, 8]))
        #expect(copies.contains(Tensor.zeros([1, 8])) == [true])
        #expect(copies.contains(Tensor.ones([1, 8])) == [false])
    }

    @Test(
        "The kernel distance of one distribution is 0 within its error; of others it grows with how far they are"
    )
    func distance() {
        let data = cloud(2000, seed: 5)
        let same = kernelDistance(data, cloud(2000, seed: 6))
        #expect(abs(same.mean) < 4 * same.standardError)
        let near = kernelDistance(data, cloud(2000, seed: 7, at: 0.2))
        let far = kernelDistance(data, cloud(2000, seed: 8, at: 1))
        #expect(near.mean > 4 * near.standardError && far.mean > 2 * near.mean)
    }

    @Test(
        "A blurred image is less sharp, a flat one not at all; brightness does not count, contrast does squared"
    )
    func sharpness() {
        let images = Sprites(size: 32).examples(at: [40_000, 90_119, 140_000]).converted(to: .float32) / 255
        let blurred = images.padded([1, 1, 1, 1]).convolved(
            weight: Tensor(repeating: 1.0 / 9, shape: [1, 1, 3, 3]))
        let (sharp, soft) = (laplacianVariance(of: images), laplacianVariance(of: blurred))
        #expect((soft * 2 .< sharp).allTrue())
        expectClose(laplacianVariance(of: images * 0.5 + 0.3), sharp * 0.25, relative: 1e-5)
        expectClose(
            laplacianVariance(of: Tensor(repeating: 0.7, shape: [2, 3, 4, 5])), Tensor([0.0, 0]),
            absolute: 1e-12)
    }
}

/// Pictures of 16×16 with a class each, drawn independently: bars that lie or stand, somewhere, brighter or darker.
private struct Bars: DataSource {
    let name = "bars"
    let exampleShape = [1, 16, 16]
    let elementKind = ElementKind.bytes
    let count: Int
    let seed: UInt64
    var labels: [Int]? { (0..<count).map(label) }

    func label(of index: Int) -> Int {
        var generator = Generator(seed: seed, stream: 1).child(UInt64(index))
        return Int(generator.next() % 2)
    }

    func examples(at indices: [Int]) -> Tensor {
        let pixels = indices.flatMap { index -> [UInt8] in
            var generator = Generator(seed: seed).child(UInt64(index))
            let lies = label(of: index) == 0
            let (place, level) = (Int(generator.next() % 13), UInt8(120 + generator.next() % 130))
            return (0..<256).map { pixel in
                let along = lies ? pixel / 16 : pixel % 16
                return (place..<place + 3).contains(along) ? level : UInt8(generator.next() % 30)
            }
        }
        return Tensor(pixels, shape: [indices.count, 1, 16, 16])
    }
}

@Suite("Realism")
struct RealismTests {
    private func classifier(steps: Int) throws -> FeatureClassifier {
        var training = FeatureClassifier.Training()
        training.steps = steps
        return try FeatureClassifier.trained(
            on: Bars(count: 600, seed: 1), preprocessing: .grey, training: training)
    }

    private func images(_ count: Int, seed: UInt64) -> Tensor {
        Bars(count: count, seed: seed).examples(at: Array(0..<count)).converted(to: .float32) / 255
    }

    private func traits(
        _ images: Tensor, in classifier: FeatureClassifier, classes: [Int]? = nil
    ) -> ImageTraits {
        var traits = ImageTraits(classifier)
        let half = images.size(along: 0) / 2
        traits.add(images[.upTo(half)], classes: classes.map { Array($0[..<half]) })
        traits.add(images[.from(half)], classes: classes.map { Array($0[half...]) })
        return traits
    }

    @Test("Data like the data are realistic, noise is not, half of the classes is precise but recalls little")
    func kinds() throws {
        var generator = Generator(seed: 3)
        let classifier = try classifier(steps: 60)
        let data = traits(images(400, seed: 4), in: classifier, classes: Bars(count: 400, seed: 4).labels)
        let estimator = try RealismEstimator(data)
        #expect(data.accuracy.mean > 0.98)
        // The very same.
        let same = estimator.likeness(of: data)
        #expect(same.precision.mean == 1 && same.recall.mean == 1)
        // Others of the same kind.
        let others = estimator.likeness(of: traits(images(400, seed: 5), in: classifier))
        #expect(others.precision.mean > 0.7 && others.recall.mean > 0.7, "\(others)")
        #expect(abs(others.kernelDistance.mean) < 4 * others.kernelDistance.standardError, "\(others)")
        // One class of two.
        let bars = Bars(count: 1000, seed: 6)
        let lying = Array((0..<1000).filter { bars.label(of: $0) == 0 }.prefix(400))
        let half = estimator.likeness(
            of: traits(bars.examples(at: lying).converted(to: .float32) / 255, in: classifier))
        #expect(half.precision.mean > 0.7 && half.recall.mean < 0.6, "\(half)")
        #expect(half.kernelDistance.mean > 4 * half.kernelDistance.standardError, "\(half)")
        // Nothing of the kind.
        let noise = estimator.likeness(of: traits(generator.uniform([400, 1, 16, 16]), in: classifier))
        #expect(noise.precision.mean < 0.05 && noise.recall.mean < 0.05, "\(noise)")
        #expect(noise.kernelDistance.mean > 4 * noise.kernelDistance.standardError, "\(noise)")
        #expect(noise.sharpness.mean > data.sharpness.mean)
    }

    @Test("Images are cut to [0, 1], as when they are shown")
    func cut() throws {
        let inside = images(40, seed: 7)
        let outside = (inside - 0.5) * 4
        let classifier = try classifier(steps: 1)
        let one = traits(outside, in: classifier)
        let other = traits(outside.clamped(from: 0, to: 1), in: classifier)
        #expect(one.sharpness == other.sharpness)
    }

    @Test("A classifier repeats with its seed and learns its classes; features have one scale")
    func classifier() throws {
        var training = FeatureClassifier.Training()
        training.steps = 3
        let source = Bars(count: 300, seed: 8)
        let some = images(50, seed: 9)
        func features(_ seed: UInt64) throws -> Tensor {
            training.seed = seed
            var steps = 0
            let found = try FeatureClassifier.trained(on: source, preprocessing: .grey, training: training) {
                steps += 1
            }
            #expect(steps == 3)
            return found.features(of: some)
        }
        let first = try features(1)
        #expect(first.shape == [50, 128])
        expectClose(first, try features(1))
        #expect((first .!= (try features(2))).anyTrue())
        expectClose(first.squared().mean().scalar(), 1, absolute: 0.2)
    }

    @Test("What cannot be compared is told")
    func refusals() throws {
        struct Unlabelled: DataSource {
            let name = "plain"
            let exampleShape = [1, 16, 16]
            let elementKind = ElementKind.bytes
            let count = 30
            let labels: [Int]?
            func examples(at indices: [Int]) -> Tensor {
                Tensor.zeros([indices.count, 1, 16, 16], dtype: .uint8)
            }
        }
        for labels in [nil, [Int](repeating: 4, count: 30)] {
            #expect(throws: DiagnosticsError.noClasses) {
                try FeatureClassifier.trained(on: Unlabelled(labels: labels), preprocessing: .grey)
            }
        }
        let few = traits(images(18, seed: 1), in: try classifier(steps: 1))
        #expect(throws: DiagnosticsError.tooFewImages) { try RealismEstimator(few) }
    }
}
