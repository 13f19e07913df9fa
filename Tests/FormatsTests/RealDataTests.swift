import Formats
import Foundation
import TestSupport
import Testing

/// The files that users have, where `VAE_DATA_DIR` names a folder with them.
@Suite struct RealDataTests {
    @Test(arguments: [
        ("mnist/train-images-idx3-ubyte.gz", [60_000, 28, 28]), ("mnist/t10k-labels-idx1-ubyte.gz", [10_000]),
        ("fashion_mnist/t10k-images-idx3-ubyte.gz", [10_000, 28, 28]),
        ("freyfaces/freyfaces-images-idx3-ubyte.gz", [1965, 28, 20]),
        ("olivetti/olivetti-images-idx3-ubyte.gz", [400, 64, 64]),
    ])
    func idxFilesHaveTheirShapes(path: String, shape: [Int]) throws {
        let array = try IDX.read(dataFile(path))
        #expect(array.shape == shape)
        #expect(array.scalarType == .u8)
    }

    @Test func aFileOfAnotherKindIsRecognised() throws {
        let url = try dataFile("mnist/t10k-images-idx3-ubyte.gz")
        let error = #expect(throws: FormatError.self) { try ImageFile.read(url) }
        #expect("\(try #require(error))".contains("not an image: it begins with 0x1F8B"))
    }

    @Test func binarizedMNISTIsReadWhole() throws {
        let array = try AMAT.read(dataFile("binarized_mnist/binarized_mnist_test.amat.gz"), as: UInt8.self)
        #expect(array.shape == [10_000, 784])
        #expect(array.data.allSatisfy { $0 < 2 })
    }

    @Test func cifarBatchesHaveTheirShape() throws {
        let batch = try CIFARBinary.read(dataFile("cifar10/test_batch_first1000.bin"))
        #expect(batch.images.shape == [1000, 3, 32, 32])
        #expect(batch.labels.prefix(10) == [3, 8, 8, 0, 6, 6, 1, 6, 3, 1])
    }

    @Test(arguments: [
        ("tabular/geyser.csv", [272, 2]), ("tabular/iris.csv", [150, 4]), ("tabular/penguins.csv", [344, 4]),
        ("tabular/wine.data", [178, 14]), ("optdigits/optdigits.tra", [3823, 65]),
    ])
    func tablesHaveTheirShapes(path: String, shape: [Int]) throws {
        #expect(try CSV.read(dataFile(path)).matrix().shape == shape)
    }
}
