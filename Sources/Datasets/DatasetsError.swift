import Formats

/// What can be wrong with data that a user names; `description` is one line.
///
/// A file that cannot be read at all is a `FormatError`, which names its path itself.
public enum DatasetsError: Error, Equatable {
    /// A set has fewer examples than what is asked of it.
    case tooFewExamples(set: String, count: Int, wanted: String)
    /// A set cannot fill a batch to train on.
    case batchTooLarge(set: String, count: Int, batchSize: Int)
    /// A set has no such split.
    case noSplit(set: String, name: String, known: [String])
    /// Images of a set are not brought to another size or number of channels.
    case cannotConvert(set: String, shape: [Int], conversion: ImageConversion)

    /// The elements of a set are not of the kind that a treatment takes.
    case cannotTreat(set: String, kind: ElementKind, preprocessing: Preprocessing)
    /// The examples of a set are not what a model takes.
    case unsuitable(set: String, reason: String)
    /// The examples are not those that a run began with.
    case changed(set: String, reason: String)

    // Finding and fetching.
    /// Neither a named set nor a path.
    case unknownSet(name: String, known: [String])
    /// The folder to seek in does not exist; `VAE_DATA_DIR` named it, or the caller.
    case noFolder(path: String, isFromEnvironment: Bool)
    /// A named set is not to be found and cannot be fetched.
    case notFound(set: String, file: String, sought: [String], reason: String, remedy: String)
    /// A fetched file is not the one expected.
    case wrongChecksum(address: String, expected: String, found: String)
    /// A fetched archive does not hold what it should.
    case cannotUnpack(file: String, reason: String)

    // Content.
    /// A path of no kind that is read.
    case unknownKind(path: String, known: String)
    /// A folder without images.
    case noImages(path: String)
    /// An image of another size than the first, given as height and width.
    case mixedSizes(path: String, size: [Int], first: String, expected: [Int])
    /// An image in colour where the first is grey.
    case mixedColours(path: String, first: String)
    /// An array whose shape or type is not one of examples.
    case wrongArray(path: String, shape: [Int], type: String, expected: String)
    /// Another number of labels than of examples.
    case labelCount(set: String, examples: Int, labels: Int, path: String)
    /// A label that is no whole number from 0 on.
    case notALabel(path: String, row: Int, column: String, value: String)
    /// Rows that may be images.
    case isItImages(path: String, width: Int, image: [Int])
    /// Examples that do not have as many numbers as a shape.
    case wrongShape(path: String, found: [Int], wanted: [Int])
    /// A value that no pixel has; examples count from 1.
    case notLevels(path: String, example: Int, value: String)
    /// An option that is for other kinds of data.
    case cannotRead(set: String, option: String, use: String)
    /// A missing number of a table; rows count from 1, below a header.
    case missingCell(path: String, row: Int, column: String)
    /// A number that is not finite; rows count from 1, below a header.
    case notFinite(path: String, row: Int, column: String)
    /// A column with one value in all rows.
    case constantColumn(path: String, column: String, value: Double)
}

/// What the images of a folder can be brought to.
public enum ImageConversion: Equatable, Sendable, CustomStringConvertible {
    /// Another height and width.
    case size(Int)
    /// One channel.
    case grey
    /// Three channels.
    case colour

    /// The conversion, as the subject of a sentence.
    public var description: String {
        switch self {
        case .size(let size): "an image size of \(size)"
        case .grey: "conversion to grey"
        case .colour: "conversion to colour"
        }
    }
}

extension DatasetsError {
    /// The kind of failure, for the choice of an exit code.
    public var category: FormatError.Category {
        switch self {
        case .unknownSet, .noFolder, .notFound: .noInput
        default: .badData
        }
    }
}

extension DatasetsError: CustomStringConvertible {
    /// One line: what, where, and the mend.
    public var description: String {
        switch self {
        case .tooFewExamples(let set, let count, let wanted):
            "\(set) has \(count) example\(count == 1 ? "" : "s"), too few for \(wanted)"
        case .batchTooLarge(let set, let count, let size):
            "\(set) has \(count) example\(count == 1 ? "" : "s"), too few for a batch of \(size); "
                + "choose a smaller batch size"
        case .noSplit(let set, let name, let known):
            "\(set) has no \(name) split; it has \(known.joined(separator: ", "))"
        case .cannotConvert(let set, let shape, let conversion):
            "\(set): \(conversion) does not apply to its examples of \(sizeText(shape)); leave it out, "
                + "or give a folder of images"
        case .cannotTreat(let set, let kind, let preprocessing):
            "\(set): its elements are \(kind.rawValue), which cannot be treated as \(preprocessing.summary); "
                + "choose \(Preprocessing.allCases.filter { $0.accepts(kind) }.map(\.rawValue).joined(separator: " or "))"
        case .unsuitable(let set, let reason): "\(set): \(reason); give other data"
        case .changed(let set, let reason): "\(set): \(reason); restore the data as they were"
        case .unknownSet(let name, let known):
            "\(name): no such file or folder, nor a named data set; the named ones are "
                + known.joined(separator: ", ")
        case .noFolder(let path, let isFromEnvironment):
            "\(path): no such folder; check "
                + (isFromEnvironment ? "the environment variable VAE_DATA_DIR" : "the folder of data sets")
        case .notFound(let set, let file, let sought, let reason, let remedy):
            "\(set): \(file) is not in \(sought.joined(separator: ", ")) and was not fetched (\(reason)); "
                + remedy
        case .wrongChecksum(let address, let expected, let found):
            "\(address): its SHA-256 is \(found), not \(expected): damaged on the way or changed there; "
                + "try again, or put the right file into a folder and open the set from there"
        case .cannotUnpack(let file, let reason): "\(file): cannot be unpacked: \(reason)"
        default: contentText
        }
    }

    private var contentText: String {
        switch self {
        case .unknownKind(let path, let known): "\(path): not a kind of data that is read; give \(known)"
        case .noImages(let path): "\(path): no PNG or JPEG images in this folder or below; check the path"
        case .mixedSizes(let path, let size, let first, let expected):
            "\(path): \(sizeText(size)) pixels, but \(first) has \(sizeText(expected)); "
                + "choose an image size to bring all to it"
        case .mixedColours(let path, let first):
            "\(path): in colour, but \(first) is grey; convert all to grey or to colour"
        case .wrongArray(let path, let shape, let type, let expected):
            "\(path): an array of shape \(shape) and type \(type); expected \(expected)"
        case .labelCount(let set, let examples, let labels, let path):
            "\(path): \(labels) label\(labels == 1 ? "" : "s"), but \(examples) example\(examples == 1 ? "" : "s") in "
                + "\(set); give one label for each"
        case .notALabel(let path, let row, let column, let value):
            "\(path): row \(row), column \(column): \(value) is no label; number the classes from 0"
        case .isItImages(let path, let width, let image):
            "\(path): its rows of \(width) numbers may be images of \(sizeText(image)); say which shape an example "
                + "has: \(image.map(String.init).joined(separator: ",")) for images, \(width) for rows of a table"
        case .wrongShape(let path, let found, let wanted):
            "\(path): its examples have \(sizeText(found)) numbers, the shape asked for has \(sizeText(wanted))"
        case .notLevels(let path, let example, let value):
            "\(path): example \(example) has the value \(value); images hold levels from 0 to 255, whole numbers, or "
                + "numbers from 0 to 1: rescale them"
        case .cannotRead(let set, let option, let use): "\(set): \(option) is for \(use); leave it out"
        case .missingCell(let path, let row, let column):
            "\(path): row \(row), column \(column): the value is missing; fill it in, leave the row or the column "
                + "out, or fit a Gaussian mixture, which takes missing values ('vae fit mixture')"
        case .notFinite(let path, let row, let column):
            "\(path): row \(row), column \(column): no finite number; fill it in or leave the row out"
        case .constantColumn(let path, let column, let value):
            "\(path): column \(column) is \(value) in every row, so there is nothing to learn; leave it out"
        default: preconditionFailure("a DatasetsError without text")
        }
    }
}

/// `28×20`.
func sizeText(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: "×") }
