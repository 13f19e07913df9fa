import Datasets
import Diagnostics
import Evaluation
import Formats
import Foundation
import Layers
import Runs
import Tensors

extension FeatureClassifier {
    /// The classifier of a set's training images, kept from the last time that these were learnt, or else trained now.
    ///
    /// It is kept in the cache, so that all runs of one set are compared in the same features.
    ///
    /// - Parameters:
    ///   - source: The training images with their classes.
    ///   - preprocessing: What is seen of them.
    ///   - training: How.
    ///   - folder: Where it is kept; the cache when absent.
    ///   - didStep: Told after each step of training.
    /// - Returns: The classifier.
    /// - Throws: `DiagnosticsError.noClasses`, or errors of reading the data.
    public static func kept(
        for source: any DataSource, preprocessing: Preprocessing, training: Training = Training(),
        in folder: URL? = nil, didStep: () -> Void = {}
    ) throws -> FeatureClassifier {
        let model = try FeatureClassifier(untrainedFor: source, training: training)
        let folder = folder ?? DataLibrary.cacheFolder().appendingPathComponent("classifiers")
        let name = try fingerprint(of: source, preprocessing: preprocessing, training: training)
        let url = folder.appendingPathComponent("\(name).safetensors")
        let state = ModuleState(model)
        // A file that is missing, broken or of an older program is made anew.
        if let stored = try? Checkpoint(readingFrom: url), (try? state.load(stored.section("model"))) != nil {
            return model
        }
        let trained = try trained(
            on: source, preprocessing: preprocessing, training: training, didStep: didStep)
        var checkpoint = Checkpoint()
        checkpoint.add("model", ModuleState(trained).tensors)
        // A cache that cannot be written to costs the next evaluation a training, and nothing else.
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? checkpoint.write(to: url)
        return trained
    }

    /// A name for what the weights depend on: images, classes and how they are learnt.
    private static func fingerprint(
        of source: any DataSource, preprocessing: Preprocessing, training: Training
    ) throws -> String {
        let hash = SHA256()
        let shape = source.exampleShape.map(String.init).joined(separator: "×")
        hash.update(Data("\(shape) \(preprocessing.rawValue)\n".utf8))
        hash.update(Data(try ResultJSON.text(training).utf8))
        hash.update((source.labels ?? []).withUnsafeBytes { Data($0) })
        for batch in try BatchLoader(source, batchSize: 256).batches() {
            try batch.get().examples.withBytes { hash.update(Data($0)) }
        }
        return hash.finalize()
    }
}
