import Formats
import Foundation
import Tensors

/// A data set known by name.
public struct NamedSet: Sendable {
    /// What the command line calls it.
    public let name: String
    /// What the examples are.
    public let summary: String
    /// `[channels, height, width]`.
    public let exampleShape: [Int]
    /// How many examples in training, validation and test split.
    public let counts: [Int]
    /// Who made it.
    public let origin: String
    /// Under which terms it may be used.
    public let terms: String
    /// Folders, below the one with all data, that may hold the files; the first is the one in the cache.
    package let folders: [String]
    /// The files, each with the names that it may have.
    package let files: [[String]]
    /// What to fetch when they are not to be found.
    package let downloads: [RemoteFile]
    /// Makes the splits from the files that were found and the image size asked for.
    package let assemble: @Sendable (_ files: [URL], _ imageSize: Int) throws -> DataSplits

    package init(
        name: String, summary: String, exampleShape: [Int], counts: [Int], origin: String, terms: String,
        folders: [String], files: [[String]], downloads: [RemoteFile],
        assemble: @escaping @Sendable (_ files: [URL], _ imageSize: Int) throws -> DataSplits
    ) {
        self.name = name
        self.summary = summary
        self.exampleShape = exampleShape
        self.counts = counts
        self.origin = origin
        self.terms = terms
        self.folders = folders
        self.files = files
        self.downloads = downloads
        self.assemble = assemble
    }

    /// The set of a name.
    public static func named(_ name: String) -> NamedSet? { all.first { $0.name == name } }

    /// Opens the set, fetching it if need be.
    package func open(in library: DataLibrary, imageSize: Int) throws -> DataSplits {
        try assemble(library.files(of: self), imageSize)
    }

    /// The files in a folder, or `nil` unless all are there.
    package func files(in folder: URL) -> [URL]? {
        let found = files.compactMap { names in
            names.map(folder.appendingPathComponent).first { FileManager.default.fileExists(atPath: $0.path) }
        }
        return found.count == files.count ? found : nil
    }
}

extension NamedSet {
    /// All named sets.
    public static let all = [
        sprites,
        mnistLike(
            "mnist", summary: "handwritten digits, grey", origin: "LeCun, Cortes, Burges 1998",
            terms: "CC BY-SA 3.0", folders: ["mnist", "MNIST/raw"],
            mirrors: [
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
            ],
            sums: [
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ]),
        mnistLike(
            "fashion-mnist", summary: "articles of clothing, grey", origin: "Xiao, Rasul, Vollgraf 2017",
            terms: "MIT", folders: ["fashion-mnist", "fashion_mnist", "FashionMNIST/raw"],
            mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
            sums: [
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ]),
        binarizedMNIST,
        cifar10(
            "cifar10", summary: "photographs of ten classes, colour", counts: [50_000, 0, 10_000],
            batches: 5, tests: ["test_batch.bin"]),
        // The cut has a name of its own, so that nobody takes its numbers for those of the whole set.
        cifar10(
            "cifar10-cut", summary: "the first 20,000 + 1000 images of cifar10; a set of its own",
            counts: [20_000, 0, 1000], batches: 2, tests: ["test_batch_first1000.bin", "test_batch.bin"]),
        freyFaces,
    ]

    private static let sprites = NamedSet(
        name: "sprites", summary: "shapes drawn by the program from known factors",
        exampleShape: [1, 32, 32], counts: [40_000, 0, 5000], origin: "this program",
        terms: "as this program", folders: [], files: [], downloads: []
    ) { _, imageSize in
        guard imageSize == 0 || Sprites.sizes.contains(imageSize) else {
            throw DatasetsError.cannotConvert(
                set: "sprites", shape: [1, 32, 32], conversion: .size(imageSize))
        }
        let sprites = Sprites(size: imageSize == 0 ? 32 : imageSize)
        // Always the same ones, whatever the seed of a run.
        var generator = Generator(seed: 0x5B417E5)
        let order = generator.permutation(of: sprites.count)
        return DataSplits(
            training: try InMemorySource(copying: SubsetSource(sprites, at: Array(order[..<40_000]))),
            test: try InMemorySource(copying: SubsetSource(sprites, at: Array(order[40_000..<45_000]))),
            grid: sprites.grid)
    }

    private static func mnistLike(
        _ name: String, summary: String, origin: String, terms: String, folders: [String],
        mirrors: [String], sums: [String]
    ) -> NamedSet {
        let files = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
        return NamedSet(
            name: name, summary: summary, exampleShape: [1, 28, 28], counts: [60_000, 0, 10_000],
            origin: origin, terms: terms, folders: folders,
            files: files.map {
                ["\($0)-ubyte.gz", "\($0)-ubyte", $0.replacing("-idx", with: ".idx") + "-ubyte"]
            },
            downloads: zip(files, sums).map { file, sum in
                RemoteFile(name: "\(file)-ubyte.gz", mirrors: mirrors, sha256: sum)
            }
        ) { files, _ in
            DataSplits(
                training: try DataFile.idx(files[0], labels: files[1], name: name),
                test: try DataFile.idx(files[2], labels: files[3], name: name))
        }
    }

    private static let binarizedMNIST = {
        let parts = ["train", "valid", "test"].map { "binarized_mnist_\($0).amat" }
        let sums = [
            "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d",
            "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2",
            "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c",
        ]
        let mirrors = ["http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/"]
        return NamedSet(
            name: "binarized-mnist", summary: "handwritten digits, binarized once and for all",
            exampleShape: [1, 28, 28], counts: [50_000, 10_000, 10_000],
            origin: "Larochelle, Murray 2011, from MNIST", terms: "none stated",
            folders: ["binarized-mnist", "binarized_mnist"], files: parts.map { [$0 + ".gz", $0] },
            downloads: zip(parts, sums).map { RemoteFile(name: $0, mirrors: mirrors, sha256: $1) }
        ) { files, _ in
            let name = "binarized-mnist"
            return DataSplits(
                training: try DataFile.amat(files[0], name: name),
                validation: try DataFile.amat(files[1], name: name),
                test: try DataFile.amat(files[2], name: name))
        }
    }()

    private static func cifar10(
        _ name: String, summary: String, counts: [Int], batches: Int, tests: [String]
    ) -> NamedSet {
        NamedSet(
            name: name, summary: summary, exampleShape: [3, 32, 32], counts: counts,
            origin: "Krizhevsky 2009", terms: "none stated; cite the author",
            folders: ["cifar10", "cifar-10-batches-bin"],
            files: (1...batches).map { ["data_batch_\($0).bin"] } + [tests],
            downloads: [
                RemoteFile(
                    name: "cifar-10-binary.tar.gz",
                    mirrors: [
                        "https://www.cs.toronto.edu/~kriz/",
                        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
                    ],
                    sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                    isArchive: true)
            ]
        ) { files, _ in
            DataSplits(
                training: try DataFile.cifar(files.dropLast(), name: name),
                test: try DataFile.cifar([files[batches]], limit: counts[2], name: name))
        }
    }
}
