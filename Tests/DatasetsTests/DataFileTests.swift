import Datasets
import Formats
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Files of examples")
struct DataFileTests {
    /// Opens a file of these bytes under a name.
    static func open(_ data: Data, as name: String, imageSize: Int = 0) throws -> DataSplits {
        try withTemporaryFolder { folder in
            try folder.write(data, as: name)
            return try DataLibrary(environment: [:]).open(
                folder.appendingPathComponent(name).path, imageSize: imageSize)
        }
    }

    static func bytes(_ shape: [Int]) -> RawArray {
        RawArray(shape: shape, values: (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 * 3) })
    }

    @Test(
        "Byte arrays are images with channels first",
        arguments: [
            ([5, 4, 6], [1, 4, 6]), ([5, 3, 4, 6], [3, 4, 6]), ([5, 4, 6, 3], [3, 4, 6]),
            ([5, 4, 6, 1], [1, 4, 6]), ([5, 1, 4, 6], [1, 4, 6]), ([5, 24], [24]),
        ])
    func imageArrays(shape: [Int], example: [Int]) throws {
        let array = Self.bytes(shape)
        var expected = Tensor(array.values(as: UInt8.self), shape: shape)
        if shape.count == 4, shape[1] == 4 { expected = expected.permuted([0, 3, 1, 2]) }
        for (data, name) in [
            (NPY.encode(array), "x.npy"), (NPY.encode(array), "x"), (IDX.encode(array), "x.idx"),
            (Gzip.deflate(IDX.encode(array)), "x-ubyte.gz"), (IDX.encode(array), "x"),
        ] {
            let source = try Self.open(data, as: name).training
            #expect(source.exampleShape == example)
            #expect(source.elementKind == .bytes)
            expectClose(try source.examples(at: Array(0..<5)), expected.reshaped([5] + example))
        }
    }

    @Test("Arrays of zeros and ones are binary")
    func binary() throws {
        let bits = RawArray(shape: [2, 2, 2], values: [0, 1, 1, 0, 1, 1, 0, 0] as [UInt8])
        #expect(try Self.open(NPY.encode(bits), as: "x.npy").training.elementKind == .binary)
    }

    @Test("Arrays of numbers are rows")
    func rows() throws {
        let array = RawArray(shape: [3, 2], values: [1, -2, 0.5, 4, 5, 6e20] as [Double])
        let source = try Self.open(NPY.encode(array), as: "x.npy").training
        #expect(source.exampleShape == [2] && source.elementKind == .real)
        expectClose(try source.examples(at: [2, 0]).array(), [5, 6e20, 1, -2], relative: 1e-7)
    }

    @Test("AMAT rows that fill a square are images, others rows")
    func amat() throws {
        let square = try Self.open(Data("0 1 1 0\n1 1 0 0\n".utf8), as: "x.amat").training
        #expect(square.exampleShape == [1, 2, 2] && square.elementKind == .binary)
        let levels = try Self.open(Data("0 1 200\n1 1 0\n".utf8), as: "x.amat").training
        #expect(levels.exampleShape == [3] && levels.elementKind == .bytes)
        let reals = try Self.open(Gzip.deflate(Data("0 1 0.5 0\n".utf8)), as: "x.amat.gz").training
        #expect(reals.exampleShape == [4] && reals.elementKind == .real)
    }

    @Test("A CIFAR-10 batch has planes and classes")
    func cifar() throws {
        let record = Data([7]) + Data((0..<3072).map { UInt8($0 / 1024 * 10) })
        let source = try Self.open(record + record, as: "x.bin").training
        #expect(source.exampleShape == [3, 32, 32] && source.labels == [7, 7])
        #expect(try source.examples(at: [1])[0, .all, 31, 31].array(of: UInt8.self) == [0, 10, 20])
    }

    @Test("Labels beside IDX images are read")
    func labels() throws {
        try withTemporaryFolder { folder in
            try folder.write(IDX.encode(Self.bytes([3, 2, 2])), as: "a-images-idx3-ubyte")
            try folder.write(
                IDX.encode(RawArray(shape: [3], values: [2, 0, 1] as [UInt8])), as: "a-labels-idx1-ubyte")
            let path = folder.appendingPathComponent("a-images-idx3-ubyte").path
            #expect(try DataLibrary(environment: [:]).open(path).training.labels == [2, 0, 1])
            try folder.write(
                IDX.encode(RawArray(shape: [2], values: [2, 0] as [UInt8])), as: "a-labels-idx1-ubyte")
            expectLine([path, "3 examples", "2 labels"]) { try DataLibrary(environment: [:]).open(path) }
        }
    }

    @Test("CSV columns of numbers are examples, one of text their classes")
    func csv() throws {
        let splits = try Self.open(Data("a,b,kind\n1,2,dog\n3,4.5,cat\n".utf8), as: "x.csv")
        #expect(splits.training.exampleShape == [2] && splits.training.labels == [1, 0])
        expectClose(try splits.training.examples(at: [1]).array(), [3, 4.5])
        #expect(splits.notes.isEmpty)
        let two = try Self.open(Data("a,b,kind,who\n1,2,dog,x\n3,4.5,cat,y\n".utf8), as: "x.csv")
        #expect(two.training.labels == nil)
        #expect(two.notes.count == 1 && two.notes[0].contains("kind, who"))
    }

    @Test(
        "What is wrong with a file is said in a line",
        arguments: [
            (Data("a,b\n1,2\n3,\n".utf8), "x.csv", ["row 2, column \"b\"", "fill it in"]),
            (Data("a,b\n1,2\n3,nan\n".utf8), "x.csv", ["row 2, column \"b\""]),
            (Data("a,b\n1,1e39\n3,1\n".utf8), "x.csv", ["row 1, column \"b\""]),
            (Data("a,b\n1,7\n3,7\n".utf8), "x.csv", ["column \"b\" is 7.0 in every row", "leave it out"]),
            (Data("a\ndog\ncat\n".utf8), "x.csv", ["no column of numbers"]),
            (Data("a,b\n1\n".utf8), "x.csv", ["row 2 has 1 fields"]),
            (Data(), "x.csv", ["no rows"]),
            (Data(), "x.npy", ["not an NPY file", "begins with nothing"]),
            (Data(), "x.idx", ["not an IDX file"]),
            (Data(), "x.amat", ["no numbers"]),
            (Data("1 2\n3 x\n".utf8), "x.amat", ["row 2, column 2"]),
            (Data(count: 3072), "x.bin", ["3073 bytes expected"]),
            (Data("hello".utf8), "x.txt", ["not a kind of data", ".npy"]),
            (Data(), "x", ["not a kind of data"]),
            (PNG.encode(ImageBuffer(width: 1, height: 1, channels: 1)), "x.png", ["a folder of PNG"]),
            (
                NPY.encode(RawArray(shape: [2, 2], values: [1, 2, .nan, 4] as [Float])), "x.npy",
                ["row 2, column 1"]
            ),
            (
                NPY.encode(RawArray(shape: [0, 2, 2], values: [] as [UInt8])), "x.npy",
                ["[0, 2, 2]", "at least 1"]
            ),
            (
                NPY.encode(RawArray(shape: [4], values: [1, 2, 3, 4] as [UInt8])), "x.npy",
                ["[4]", "[N, H, W]"]
            ),
            (NPY.encode(bytes([2, 5, 5, 2])), "x.npy", ["[2, 5, 5, 2]", "C = 1 or 3"]),
            (
                NPY.encode(RawArray(shape: [1, 2, 2], values: [0, 0, 0, 1] as [Float])), "x.npy",
                ["f32", "u8 images"]
            ),
            (IDX.encode(bytes([2, 3, 3])).dropLast(), "x.idx", ["34 bytes expected, 33 found"]),
            (IDX.encode(bytes([2, 3, 3])) + [0], "x.idx", ["1 bytes follow the end"]),
            (Gzip.deflate(IDX.encode(bytes([2, 3, 3]))).dropLast(), "x.idx.gz", ["gzip data"]),
        ])
    func refusals(data: Data, name: String, parts: [String]) {
        expectLine(parts + ["/\(name): "]) { try Self.open(data, as: name) }
    }

    @Test("Files are not resized, and one that is missing is told from the named sets")
    func otherRefusals() throws {
        expectLine(["image size of 9", "1×4×6"]) {
            try Self.open(NPY.encode(Self.bytes([5, 4, 6])), as: "x.npy", imageSize: 9)
        }
        expectLine(["/nowhere/x.npy: no such file", "mnist"]) {
            try DataLibrary(environment: [:]).open("/nowhere/x.npy")
        }
        expectLine(["minst: no such file", "fashion-mnist"]) {
            try DataLibrary(environment: [:]).open("minst")
        }
    }

    @Test("A set of one example opens")
    func oneExample() throws {
        #expect(try Self.open(NPY.encode(Self.bytes([1, 4, 6])), as: "x.npy").training.count == 1)
        #expect(try Self.open(Data("a,b\n1,2\n".utf8), as: "x.csv").training.count == 1)
    }
}
