import Datasets
import Formats
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Named sets")
struct NamedSetTests {
    /// Small files under the names of MNIST's, the training images holding this level.
    static func writeDigits(_ level: UInt8, in folder: URL, style: (String) -> String = { $0 + "-ubyte" })
        throws
    {
        for (part, count) in [("train", 3), ("t10k", 2)] {
            let images = RawArray(
                shape: [count, 2, 2], values: [UInt8](repeating: level, count: count * 4))
            let labels = RawArray(shape: [count], values: (0..<count).map { UInt8($0) })
            for (array, name) in [(images, "\(part)-images-idx3"), (labels, "\(part)-labels-idx1")] {
                let path = style(name)
                let data = IDX.encode(array)
                try folder.write(path.hasSuffix(".gz") ? Gzip.deflate(data) : data, as: path)
            }
        }
    }

    @Test(
        "A set is found where users have it",
        arguments: [
            ("mnist", ""), ("mnist", "mnist/"), ("mnist", "MNIST/raw/"), ("fashion-mnist", "fashion-mnist/"),
            ("fashion-mnist", "fashion_mnist/"), ("fashion-mnist", "FashionMNIST/raw/"),
        ])
    func places(name: String, folder: String) throws {
        let styles: [(String) -> String] = [
            { $0 + "-ubyte.gz" }, { $0 + "-ubyte" }, { $0.replacing("-idx", with: ".idx") + "-ubyte" },
        ]
        for style in styles {
            try withTemporaryFolder { root in
                try Self.writeDigits(9, in: root) { folder + style($0) }
                for library in [
                    try DataLibrary(directory: root, environment: [:]),
                    try DataLibrary(environment: ["VAE_DATA_DIR": root.path]),
                ] {
                    let splits = try library.open(name)
                    #expect(splits.training.count == 3 && splits.test?.count == 2)
                    #expect(splits.training.labels == [0, 1, 2] && splits.training.name == name)
                    #expect(try splits.training.examples(at: [2]).array(of: UInt8.self) == [9, 9, 9, 9])
                }
            }
        }
    }

    @Test("The user's folder goes before the cache, and an incomplete one is passed over")
    func precedence() throws {
        try withTemporaryFolder { root in
            let cache = root.appendingPathComponent("cache")
            let user = root.appendingPathComponent("user")
            let environment = ["XDG_CACHE_HOME": cache.path]
            try Self.writeDigits(1, in: cache.appendingPathComponent("swift-vae/data/mnist"))
            try Self.writeDigits(2, in: user.appendingPathComponent("mnist"))
            func level() throws -> Double {
                try DataLibrary(directory: user, environment: environment).open("mnist")
                    .training.examples(at: [0])[0, 0, 0, 0].scalar()
            }
            #expect(try level() == 2)
            try FileManager.default.removeItem(
                at: user.appendingPathComponent("mnist/t10k-labels-idx1-ubyte"))
            #expect(try level() == 1)
        }
    }

    @Test("Another set's files of the same names are not taken for this one's")
    func sameNames() throws {
        try withTemporaryFolder { root in
            let folder = root.appendingPathComponent("mnist")
            try Self.writeDigits(1, in: folder)
            #expect(try DataLibrary(directory: folder, environment: [:]).open("mnist").training.count == 3)
            let other = try #require(NamedSet.named("fashion-mnist"))
            #expect(other.files(in: folder) != nil)
            let library = try DataLibrary(directory: folder, environment: ["XDG_CACHE_HOME": root.path])
            #expect(library.places(of: other).allSatisfy { $0.path != folder.path })
        }
    }

    @Test("Sprites are drawn at the size asked for, always the same ones, none twice")
    func sprites() throws {
        let splits = try DataLibrary(environment: [:]).open("sprites")
        #expect(splits.training.exampleShape == [1, 32, 32])
        #expect(splits.training.count == 40_000 && splits.test?.count == 5000)
        let again = try DataLibrary(environment: [:]).open("sprites")
        expectClose(
            try splits.training.examples(at: [0, 39_999]), try again.training.examples(at: [0, 39_999]))
        #expect(
            try DataLibrary(environment: [:]).open("sprites", ReadingOptions(imageSize: 16)).training
                .exampleShape == [
                    1, 16, 16,
                ])
        expectLine(["sprites", "image size of 4 "]) {
            try DataLibrary(environment: [:]).open("sprites", ReadingOptions(imageSize: 4))
        }
        expectLine(["sprites", "colour "]) {
            try DataLibrary(environment: [:]).open("sprites", ReadingOptions(channels: 3))
        }
    }

    @Test("A folder of data that does not exist is named, and how it was given")
    func missingDirectory() {
        expectLine(["/nowhere: no such folder", "the folder of data sets"]) {
            try DataLibrary(directory: URL(fileURLWithPath: "/nowhere"), environment: [:])
        }
        expectLine(["/nowhere: no such folder", "VAE_DATA_DIR"]) {
            try DataLibrary(environment: ["VAE_DATA_DIR": "/nowhere"])
        }
    }

    @Test("A damaged file of a named set is named")
    func damagedFiles() throws {
        try withTemporaryFolder { root in
            try Self.writeDigits(1, in: root.appendingPathComponent("mnist"))
            let name = "train-labels-idx1-ubyte"
            try root.write(Data([0, 0, 8, 1]), as: "mnist/\(name)")
            expectLine(["/mnist/\(name): IDX data ends too early"]) {
                try DataLibrary(directory: root, environment: [:]).open("mnist")
            }
        }
    }
}
