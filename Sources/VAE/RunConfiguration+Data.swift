import Datasets
import Settings
import Tensors

extension RunConfiguration {
    /// How many examples are looked at for numbers that the model cannot learn.
    private static let examplesChecked = 10_000

    /// A configuration for a set: the preset for the set, under what is chosen.
    ///
    /// - Parameters:
    ///   - choices: What is chosen, as a part of `config.json`; the rest suits the data.
    ///   - splits: The data, opened.
    /// - Throws: `SettingsError`; `DatasetsError` where model and data do not suit each other.
    public init(_ choices: JSONValue, on splits: DataSplits) throws {
        try Self.checkVersion(of: choices)
        let traits = DataTraits(splits)
        let source = choices["data"]?["source"]?.description ?? DataChoice().source
        try self.init(Preset.json(for: source, traits).merging(choices))
        adapt(to: traits, given: choices)
        try validate()
    }

    /// Checks that the model takes the examples of a set: their shape, levels and classes.
    ///
    /// - Throws: `DatasetsError.unsuitable`.
    public func check(_ source: any DataSource) throws {
        func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "×") }
        func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws {
            guard holds else { throw DatasetsError.unsuitable(set: source.name, reason: reason()) }
        }
        if let objection = model.objection(to: data.preprocessing) {
            try require(false, "\(objection), the data are \(inputSummary)")
        }
        try require(
            source.exampleShape == model.exampleShape,
            "its examples are \(text(source.exampleShape)), the model takes \(text(model.exampleShape))")
        try require(
            !model.isOverLevels || data.preprocessing == .grey,
            "the model is one of the 256 levels of images, the data are \(inputSummary)")
        if source.elementKind == .real {
            let some = try source.examples(at: Array(0..<min(source.count, Self.examplesChecked)))
            if let objection = model.objection(to: some.array(of: Float.self)) {
                try require(false, objection)
            }
        }
        let classes = model.classes
        try require(
            classes == 0 || source.labels?.allSatisfy { (0..<classes).contains($0) } == true,
            "the model is told one of \(classes) classes for each example, which these data do not have")
    }

    /// Checks all splits, and that there is one to choose by where the run stops early.
    ///
    /// - Throws: `DatasetsError.unsuitable`; `SettingsError`.
    func check(_ splits: DataSplits) throws {
        for source in [splits.training, splits.validation, splits.test] {
            if let source { try check(source) }
        }
        try SettingsError.require(
            training.patience == 0 || splits.validation != nil, "training.patience", training.patience,
            "0 for \(splits.training.name), which has no validation split to watch")
    }

    /// The values in an example when a likelihood of discrete data is measured, for bits per dimension.
    public var discreteDimensions: Int? {
        data.preprocessing.isBinary || model.isOverLevels ? model.exampleShape.reduce(1, *) : nil
    }
}
