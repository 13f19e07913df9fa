import Datasets
import Formats
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Files of examples")
struct DataFileTests {
    /// Opens a file of these bytes under a name.
    static func open(_ data: Data, as name: String, _ options: ReadingOptions = ReadingOptions()) throws
        -> DataSplits
    {
        try withTemporaryFolder { folder in
            try folder.write(data, as: name)
            return try DataLibrary(environment: [:]).open(
                folder.appendingPathComponent(name).path, options)
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
            expectLine(["a-labels-idx1-ubyte: 2 labels, but 3 examples", path]) {
                try DataLibrary(environment: [:]).open(path)
            }
        }
    }

    @Test("CSV columns of numbers are examples, one of text their classes")
    func csv() throws {
        let splits = try Self.open(Data("a,b,kind\n1,2,dog\n3,4.5,cat\n".utf8), as: "x.csv")
        #expect(splits.training.exampleShape == [2] && splits.training.labels == [1, 0])
        expectClose(try splits.training.examples(at: [1]).array(), [3, 4.5])
        #expect(splits.training.columnNames == ["a", "b"])
        #expect(splits.notes.count == 1)
        #expect(splits.notes[0].contains("column \"kind\" gives 2 classes (\"cat\", \"dog\")"))
        let two = try Self.open(Data("a,b,kind,who\n1,2,dog,x\n3,4.5,cat,y\n".utf8), as: "x.csv")
        #expect(two.training.labels == nil)
        #expect(two.notes.count == 1 && two.notes[0].contains("left out: \"kind\", \"who\""))
        // Names of rows are no classes.
        let rows = (0..<50).map { "r\($0),\($0)" }.joined(separator: "\n")
        let named = try Self.open(Data("name,a\n\(rows)\n".utf8), as: "x.csv")
        #expect(named.training.labels == nil && named.notes[0].contains("left out"))
    }

    @Test("Columns can be chosen, and classes with them; constant ones are left out")
    func columns() throws {
        let text = Data("a,b,c,kind,who\n1,2,5,dog,x\n3,4.5,5,cat,y\n".utf8)
        var options = ReadingOptions()
        options.columns = ["b", "kind", "a"]
        let chosen = try Self.open(text, as: "x.csv", options).training
        #expect(chosen.columnNames == ["b", "a"] && chosen.labels == [1, 0])
        expectClose(try chosen.examples(at: [1]).array(), [4.5, 3])
        let all = try Self.open(text, as: "x.csv")
        #expect(all.training.columnNames == ["a", "b"])
        #expect(all.notes.contains { $0.contains("one value in all rows left out: \"c\"") })
        options.columns = ["a", "d"]
        expectLine(["/x.csv: no numeric column \"d\"", "a, b, c"]) {
            try Self.open(text, as: "x.csv", options)
        }
        options.columns = ["a", "kind", "who"]
        expectLine(["more than one", "kind", "who"]) { try Self.open(text, as: "x.csv", options) }
        expectLine(["a choice of columns is for a table"]) {
            try Self.open(NPY.encode(Self.bytes([5, 4, 6])), as: "x.npy", options)
        }
    }

    @Test(
        "Files as UCI ships them are read: no header, semicolons, spaces",
        arguments: ["x.data", "x.csv", "x.tsv"])
    func otherTables(name: String) throws {
        for text in ["1;2,5\n3;4\n", "1\t2.5\n3\t4\n", " 1  2.5\n 3  4.0 \n"] {
            let source = try Self.open(Data(text.utf8), as: name).training
            expectClose(try source.examples(at: [0, 1]).array(), [1, 2.5, 3, 4])
        }
    }

    @Test("A test file and a file of labels go with a file")
    func companions() throws {
        try withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            try folder.write(Data("a,b,kind\n1,2,dog\n3,4,cat\n5,6,emu\n".utf8), as: "x.csv")
            // Another order of columns, one constant, a class less.
            try folder.write(Data("kind,b,a\nemu,8,7\ncat,8,9\n".utf8), as: "t.csv")
            var options = ReadingOptions()
            options.test = path("t.csv")
            let splits = try DataLibrary(environment: [:]).open(path("x.csv"), options)
            let test = try #require(splits.test)
            expectClose(try test.examples(at: [0, 1]).array(), [7, 8, 9, 8])
            #expect(splits.training.labels == [1, 0, 2] && test.labels == [2, 0])

            try folder.write(NPY.encode(Self.bytes([3, 4, 6])), as: "x.npy")
            options.test = nil
            for (name, data) in [
                ("l.npy", NPY.encode(RawArray(shape: [3], values: [2, 0, 1] as [Int64]))),
                ("l.idx", IDX.encode(RawArray(shape: [3], values: [2, 0, 1] as [UInt8]))),
                ("l.csv", Data("label\n2\n0\n1\n".utf8)), ("m.csv", Data("kind\nz\na\nb\n".utf8)),
            ] {
                try folder.write(data, as: name)
                options.labels = path(name)
                #expect(
                    try DataLibrary(environment: [:]).open(path("x.npy"), options).training.labels == [
                        2, 0, 1,
                    ])
            }
            try folder.write(Data("label\n2\n0\n".utf8), as: "l.csv")
            options.labels = path("l.csv")
            expectLine(["/l.csv: 2 labels, but 3 examples", "/x.npy"]) {
                try DataLibrary(environment: [:]).open(path("x.npy"), options)
            }
            try folder.write(Data("label\n2\n0.5\n1\n".utf8), as: "l.csv")
            expectLine(["/l.csv: row 2", "0.5 is no label"]) {
                try DataLibrary(environment: [:]).open(path("x.npy"), options)
            }
            expectLine(["a file of labels is for"]) {
                try DataLibrary(environment: [:]).open(folder.path, options)
            }
        }
    }

    @Test(
        "Float images in [0, 1] and whole numbers to 255 become levels, zeros and ones binary",
        arguments: [[3, 2, 2], [3, 1, 2, 2], [3, 2, 2, 1]])
    func floatImages(shape: [Int]) throws {
        let levels = (0..<12).map { UInt8($0 * 20) }
        let (unit, whole) = (levels.map { Float($0) / 255 }, levels.map { Int32($0) })
        for array in [RawArray(shape: shape, values: unit), RawArray(shape: shape, values: whole)] {
            for (data, name) in [
                (NPY.encode(array), "x.npy"), (Gzip.deflate(NPY.encode(array)), "x.npy.gz"),
            ] {
                let splits = try Self.open(data, as: name)
                #expect(splits.training.exampleShape == [1, 2, 2] && splits.training.elementKind == .bytes)
                #expect(try splits.training.examples(at: [0, 1, 2]).array(of: UInt8.self) == levels)
                #expect(splits.notes.contains { $0.contains("8-bit levels") } == (array.scalarType == .f32))
            }
        }
        let bits = RawArray(shape: shape, values: (0..<12).map { Double($0 % 2) })
        #expect(try Self.open(NPY.encode(bits), as: "x.npy").training.elementKind == .binary)
    }

    @Test("Rows that may be images are asked about, and a shape answers")
    func shapes() throws {
        let flat = Self.bytes([3, 64])
        expectLine(["/x.npy: its rows of 64", "8×8", "8,8 for images, 64 for rows"]) {
            try Self.open(NPY.encode(flat), as: "x.npy")
        }
        var options = ReadingOptions()
        for (shape, example) in [
            ([8, 8], [1, 8, 8]), ([1, 8, 8], [1, 8, 8]), ([4, 16], [1, 4, 16]), ([64], [64]),
        ] {
            options.shape = shape
            let source = try Self.open(NPY.encode(flat), as: "x.npy", options).training
            #expect(source.exampleShape == example)
        }
        options.shape = [9, 9]
        expectLine(["64 numbers", "9×9"]) { try Self.open(NPY.encode(flat), as: "x.npy", options) }

        // As Kaggle has MNIST: a label and the pixels, some of which never change.
        let header = "label," + (0..<64).map { "pixel\($0)" }.joined(separator: ",")
        let rows = (0..<3).map { row in
            "\(row)," + (0..<64).map { "\($0 == 5 ? 0 : (row * 64 + $0) % 256)" }.joined(separator: ",")
        }
        let table = Data(([header] + rows).joined(separator: "\n").utf8)
        options.shape = [8, 8]
        let images = try Self.open(table, as: "x.csv", options)
        #expect(images.training.exampleShape == [1, 8, 8] && images.training.elementKind == .bytes)
        #expect(images.training.labels == [0, 1, 2])
        // Embeddings are no images.
        let real = RawArray(shape: [2, 64], values: (0..<128).map { Float($0) / 7 - 3 })
        #expect(try Self.open(NPY.encode(real), as: "x.npy").training.elementKind == .real)
    }

    @Test(
        "What is wrong with a file is said in a line",
        arguments: [
            (Data("a,b\n1,2\n3,\n".utf8), "x.csv", ["row 2, column \"b\"", "fill it in"]),
            (Data("a,b\n1,2\n3,nan\n".utf8), "x.csv", ["row 2, column \"b\""]),
            (Data("a,b\n1,1e39\n3,1\n".utf8), "x.csv", ["row 1, column \"b\""]),
            (Data("a,b\n1,7\n1,7\n".utf8), "x.csv", ["column \"a\" is 1.0 in every row", "leave it out"]),
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
                NPY.encode(RawArray(shape: [1, 2, 2], values: [0, 0, -0.5, 1] as [Float])), "x.npy",
                ["example 1 has the value -0.5", "from 0 to 1"]
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
            try Self.open(NPY.encode(Self.bytes([5, 4, 6])), as: "x.npy", ReadingOptions(imageSize: 9))
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
