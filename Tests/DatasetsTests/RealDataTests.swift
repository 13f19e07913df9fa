import Datasets
import Formats
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Real data")
struct RealDataTests {
    /// Opens a set, unless the folder lacks it: nothing is fetched.
    static func open(_ name: String) throws -> DataSplits {
        let set = try #require(NamedSet.named(name))
        let library = try DataLibrary()
        guard library.places(of: set).contains(where: { set.files(in: $0) != nil }) else {
            try Test.cancel("\(name) is not in VAE_DATA_DIR or the cache")
        }
        return try library.open(name)
    }

    @Test(
        "Named sets have the shape and size that their listing says",
        arguments: ["mnist", "fashion-mnist", "binarized-mnist", "cifar10-cut", "cifar10", "freyfaces"])
    func sizes(name: String) throws {
        let splits = try Self.open(name)
        let set = try #require(NamedSet.named(name))
        #expect(splits.training.exampleShape == set.exampleShape)
        #expect(
            [splits.training.count, splits.validation?.count ?? 0, splits.test?.count ?? 0] == set.counts)
        #expect(splits.training.elementKind == (name == "binarized-mnist" ? .binary : .bytes))
    }

    @Test("MNIST is MNIST: its first digit is a five, its classes are as often as known")
    func mnist() throws {
        let splits = try Self.open("mnist")
        let labels = try #require(splits.training.labels)
        let histogram = (0..<10).map { digit in labels.count { $0 == digit } }
        #expect(histogram == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
        #expect(labels.first == 5)
        let row = try splits.training.examples(at: [0])[0, 0, 5, .range(12..<24)]
        #expect(row.array(of: UInt8.self) == [3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127])
        #expect(splits.test?.labels?.prefix(4) == [7, 2, 1, 0])
    }

    @Test("Fashion-MNIST's classes are equally often")
    func fashionMNIST() throws {
        let labels = try #require(try Self.open("fashion-mnist").training.labels)
        #expect((0..<10).allSatisfy { label in labels.count { $0 == label } == 6000 })
    }

    @Test("CIFAR's first test images are a cat and a ship")
    func cifar() throws {
        let splits = try Self.open("cifar10-cut")
        #expect(splits.test?.labels?.prefix(4) == [3, 8, 8, 0])
        let pixel = try splits.training.examples(at: [0])[0, .all, 0, 0]
        #expect(pixel.array(of: UInt8.self) == [59, 62, 63])
    }

    @Test("Frey's faces are split after a shuffle into parts that cover the film")
    func frey() throws {
        let splits = try Self.open("freyfaces")
        func sums(_ source: (any DataSource)?) throws -> [Int] {
            let source = try #require(source)
            let pixels = try source.examples(at: Array(0..<source.count)).array(of: UInt8.self)
            return stride(from: 0, to: pixels.count, by: 560).map { start in
                pixels[start..<start + 560].reduce(0) { $0 &* 31 &+ Int($1) }
            }
        }
        let parts = try [splits.training, splits.validation, splits.test].flatMap(sums)
        let url = try dataFile("freyfaces/freyfaces-images-idx3-ubyte.gz").path
        #expect(try parts.sorted() == sums(DataLibrary().open(url).training).sorted())
        #expect(
            try sums(splits.test)
                != sums(SubsetSource(DataLibrary().open(url).training, at: Array(1765..<1965))))
    }

    @Test("Frey's MATLAB file gives the frames that its IDX form does")
    func freyMATLAB() throws {
        let idx = try dataFile("freyfaces/freyfaces-images-idx3-ubyte.gz").path
        let pixels = try IDX.read(URL(fileURLWithPath: idx)).data
        try withTemporaryFolder { folder in
            try folder.write(Data(count: 184) + pixels, as: "frey_rawface.mat")
            let plain = try Self.open("freyfaces").test
            let splits = try DataLibrary(directory: folder, environment: [:]).open("freyfaces")
            expectClose(
                try #require(try splits.test?.examples(at: Array(0..<200))),
                try #require(try plain?.examples(at: Array(0..<200))))
            try folder.write(Data(count: 184) + pixels.reversed(), as: "frey_rawface.mat")
            expectLine(["frey_rawface.mat: its SHA-256 is"]) {
                try DataLibrary(directory: folder, environment: [:]).open("freyfaces")
            }
        }
    }

    @Test("Tables open", arguments: [("geyser.csv", 272, 2), ("iris.csv", 150, 4)])
    func tables(file: String, rows: Int, columns: Int) throws {
        let splits = try DataLibrary().open(dataFile("tabular/" + file).path)
        #expect(splits.training.count == rows && splits.training.exampleShape == [columns])
        #expect(Set(try #require(splits.training.labels)).count > 1)
    }

    @Test("A table with holes is refused where the first is")
    func penguins() throws {
        let path = try dataFile("tabular/penguins.csv").path
        expectLine(["penguins.csv: row 4, column \"bill_length_mm\"", "missing", "vae fit mixture"]) {
            try DataLibrary().open(path)
        }
    }
}
