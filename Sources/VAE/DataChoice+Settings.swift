import Datasets
import Settings

extension DataChoice: Configurable {
    /// The built-in sprites.
    public init() { self.init("sprites") }

    /// The settings.
    public static var settings: [Setting<DataChoice>] { choices + files }

    /// How the user's own files are read.
    private static var files: [Setting<DataChoice>] {
        [
            Setting(
                optional: "columns", \.reading.columns, .list(of: .text, count: 1...100_000),
                option: .option(
                    "columns", placeholder: "name,…",
                    help: """
                        Columns of a table to learn; one of text gives classes. Without it, all of numbers that are not \
                        constant.
                        """)),
            .choice(
                "header", \.reading.header,
                .option("header", help: "Whether the first row of a table holds the names of columns.")),
            Setting(
                optional: "shape", \.reading.shape, .list(of: .integer(in: 1...1_000_000), count: 1...3),
                option: .option(
                    "shape", placeholder: "height,width",
                    help: """
                        The shape of an example where the rows of an array or a table are images, such as 28,28 or \
                        3,32,32; one number says that they are none.
                        """)),
            Setting(
                optional: "labels", \.reading.labels, .text,
                option: .option(
                    "labels", placeholder: "file",
                    help: "The class of each example of an array or a table: an IDX, NPY or CSV file.")),
            Setting(
                optional: "test", \.reading.test, .text,
                option: .option(
                    "test", placeholder: "file", help: "A file of the same kind with a test split.")),
            .flag(
                "skipBad", \.reading.skipsBad,
                .option(
                    "skip-bad", help: "Leaves out images of a folder that cannot be read, and counts them.")),
        ]
    }

    /// What is learned, and what the model sees of it.
    private static var choices: [Setting<DataChoice>] {
        [
            Setting(
                "source", \.source, .text,
                option: .option(
                    "data", placeholder: "set", usual: true,
                    help:
                        "A named set ('vae datasets' lists them), a folder of images, an array (IDX, NPY), or a table."
                )
            ),
            .integer(
                "imageSize", \.reading.imageSize, in: 0...1024,
                .option(
                    "image-size", default: "", usual: true,
                    help: "Brings the images of a folder to this height and width.")),
            .integer(
                "channels", \.reading.channels, in: 0...3,
                .flags(
                    usual: true, .init("grey", 1, help: "Reads the images of a folder as grey."),
                    .init("colour", 3, help: "Reads the images of a folder in colour."))),
            .choice(
                "preprocessing", \.preprocessing,
                .option(
                    "binarization", default: "suits the data", usual: true,
                    help: """
                        How grey levels become zeros and ones: drawn anew each time, or cut at half. fixed and real \
                        are for sets of zeros and ones, or real numbers.
                        """)),
            .integer(
                "validationCount", \.validationCount, in: 0...1_000_000_000,
                .option(
                    "validation", default: "its own split, or a tenth", usual: true,
                    help: "Examples set aside to choose the best checkpoint by.")),
        ]
    }

    /// The usual preprocessing, and a tenth for validation where the set has no splits.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["preprocessing"] == nil {
            preprocessing = .standard(for: data.elements.kind)
        } else if preprocessing == .grey, data.elements == .real {
            preprocessing = .real
        }
        if given["validationCount"] == nil { validationCount = data.isWhole ? data.count / 10 : 0 }
    }

    /// Checks every value, and that an image is not made too small to see.
    public func validate() throws {
        try checkSettings()
        try SettingsError.require(
            reading.imageSize == 0 || reading.imageSize >= 4, "imageSize", reading.imageSize,
            "0 (the images' own size), or at least 4"
        )
        try SettingsError.require(
            [0, 1, 3].contains(reading.channels), "channels", reading.channels, "0, 1 or 3")
    }
}

extension DataTraits {
    /// What is known of a set before anything is chosen.
    public init(_ splits: DataSplits) {
        let source = splits.training
        let highest = [splits.training, splits.validation, splits.test].compactMap { $0?.labels?.max() }.max()
        let elements: Elements =
            switch source.elementKind {
            case .bytes: .levels
            case .binary: .binary
            case .real: .real
            }
        self.init(
            elements: elements, exampleShape: source.exampleShape, count: source.count,
            classes: source.labels == nil ? 0 : highest.map { $0 > 0 ? $0 + 1 : 0 } ?? 0,
            isWhole: splits.validation == nil && splits.test == nil)
    }
}

extension DataTraits.Elements {
    fileprivate var kind: ElementKind {
        switch self {
        case .levels: .bytes
        case .binary: .binary
        case .real: .real
        }
    }
}
