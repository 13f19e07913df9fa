import Foundation
import TestSupport
import Testing
import VAE

@Suite("The classifier of features that is kept")
struct KeptClassifierTests {
    private let source = InMemorySource(
        name: "ramps",
        examples: Tensor((0..<40 * 64).map { UInt8($0 * 7 % 251) }, shape: [40, 1, 8, 8]),
        elementKind: .bytes,
        labels: (0..<40).map { $0 % 2 })

    private func features(
        _ folder: URL, of source: any DataSource, preprocessing: Preprocessing = .grey, steps: Int = 3
    ) throws -> (features: Tensor, steps: Int) {
        var training = FeatureClassifier.Training()
        training.steps = steps
        var taken = 0
        let classifier = try FeatureClassifier.kept(
            for: source, preprocessing: preprocessing, training: training, in: folder
        ) { taken += 1 }
        let images = try source.examples(at: Array(0..<40)).converted(to: .float32) / 255
        return (classifier.features(of: images), taken)
    }

    private func files(in folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }

    @Test("It is trained once, and again where its file is broken")
    func once() throws {
        try withTemporaryFolder { folder in
            let first = try features(folder, of: source)
            let again = try features(folder, of: source)
            #expect(first.steps == 3 && again.steps == 0)
            expectClose(again.features, first.features)
            let file = try #require(try files(in: folder).first)
            try Data("no tensors".utf8).write(to: file)
            let mended = try features(folder, of: source)
            #expect(mended.steps == 3)
            expectClose(mended.features, first.features)
        }
    }

    @Test("Other images, classes, treatment or steps have one of their own")
    func others() throws {
        try withTemporaryFolder { folder in
            let places = Array(0..<40)
            let images = source.examples(at: places)
            let reversed = InMemorySource(
                name: "ramps", examples: images.reversed(along: 0).contiguous(), elementKind: .bytes,
                labels: source.labels)
            let relabelled = InMemorySource(
                name: "ramps", examples: images, elementKind: .bytes, labels: places.map { $0 / 20 })
            var steps = try [source, reversed, relabelled].map { try features(folder, of: $0).steps }
            steps.append(try features(folder, of: source, preprocessing: .threshold).steps)
            steps.append(try features(folder, of: source, steps: 4).steps)
            #expect(steps == [3, 3, 3, 3, 4])
            #expect(try files(in: folder).count == 5)
        }
    }

    @Test("A folder that cannot be made costs nothing but the training")
    func unwritable() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("file")
            try Data().write(to: file)
            let found = try features(file, of: source)
            #expect(found.steps == 3)
        }
    }
}
