import Foundation

/// The sets that are known by name.
public enum NamedSet: String, CaseIterable, Sendable {
    /// Handwritten digits.
    case mnist
    /// Clothes in MNIST's form.
    case fashionMNIST = "fashion-mnist"
    /// Larochelle's fixed binarization of MNIST.
    case binarizedMNIST = "binarized-mnist"
    /// Small photographs of ten kinds.
    case cifar10
    /// Two training batches and the first thousand test images of CIFAR-10: not CIFAR-10 results.
    case cifar10Cut = "cifar10-cut"
    /// One face in 1965 expressions.
    case freyFaces = "freyfaces"
    /// Shapes drawn by the program.
    case sprites

    /// What it is, in a phrase.
    public var summary: String {
        switch self {
        case .mnist: "handwritten digits, grey 28×28: 60,000 and 10,000 for test"
        case .fashionMNIST: "clothes, grey 28×28: 60,000 and 10,000 for test"
        case .binarizedMNIST:
            "digits in zeros and ones, 28×28: 50,000, 10,000 for validation, 10,000 for test"
        case .cifar10: "photographs of ten kinds, colour 32×32: 50,000 and 10,000 for test"
        case .cifar10Cut:
            "part of CIFAR-10 (20,000 and 1,000 for test); results on it are not CIFAR-10 results"
        case .freyFaces: "one face, grey 28×20: 1,565, 200 for validation, 200 for test"
        case .sprites:
            "shapes drawn by this program, grey 32×32: 20,000, 2,000 for validation, 2,000 for test"
        }
    }

    /// The files that it is read from; none for what is drawn.
    var files: [DatasetFile] {
        switch self {
        case .mnist:
            DatasetFile.idxFiles(
                sums: [
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                ],
                mirrors: [
                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                ])
        case .fashionMNIST:
            DatasetFile.idxFiles(
                sums: [
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                ],
                mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"])
        case .binarizedMNIST:
            zip(
                ["train", "valid", "test"],
                [
                    "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d",
                    "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2",
                    "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c",
                ]
            ).map { split, sum in
                let name = "binarized_mnist_\(split).amat"
                let host = "http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/"
                return DatasetFile(name: name, sha256: sum, mirrors: [host + name])
            }
        // An archive: unpacked into the cache, its members are then found like any file.
        case .cifar10: (Self.cifarBatches + ["test_batch.bin"]).map(Self.cifarMember)
        case .cifar10Cut:
            ["data_batch_1.bin", "data_batch_2.bin", "test_batch_first1000.bin"].map(Self.cifarMember)
        case .freyFaces: [DatasetFile(name: "freyfaces-images-idx3-ubyte.gz", sha256: "", mirrors: [])]
        case .sprites: []
        }
    }

    static let cifarBatches = (1...5).map { "data_batch_\($0).bin" }

    /// The archive that holds CIFAR-10's batches under `cifar-10-batches-bin/`.
    static let cifarArchive = DatasetFile(
        name: "cifar-10-binary.tar.gz",
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        mirrors: ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"])

    private static func cifarMember(_ name: String) -> DatasetFile {
        DatasetFile(name: name, sha256: "", mirrors: [])
    }
}
