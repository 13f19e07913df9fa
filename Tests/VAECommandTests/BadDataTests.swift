import Foundation
import TestSupport
import Testing

@Suite struct BadDataTests {
    private static let small = "--network mlp --hidden 4 --latents 2 --epochs 1 --threads 1 --out run"

    private static let inputs = [
        BadInput(
            "nothing there", line: "train --data nowhere", status: 66,
            saying: "nowhere: no such file or folder"),
        BadInput(
            "no such folder of data", line: "train --data mnist --data-dir gone", status: 66, saying: "gone"),
        BadInput(
            "an empty file", ["d.idx": Data()], line: "train --data d.idx", status: 65, saying: "d.idx", "IDX"
        ),
        BadInput(
            "a truncated file", ["d.idx": Sample.idx(count: 20).dropLast(9)], line: "train --data d.idx",
            status: 65,
            saying: "d.idx", "ends too early"),
        BadInput(
            "labels of other images",
            ["d-images-idx3-ubyte": Sample.idx(count: 40), "d-labels-idx1-ubyte": Sample.labels(count: 39)],
            line: "train --data d-images-idx3-ubyte", status: 65,
            saying: "d-labels-idx1-ubyte: 39 labels, but 40 examples"),
        BadInput(
            "images in the place of labels",
            ["d-images-idx3-ubyte": Sample.idx(count: 40), "d-labels-idx1-ubyte": Sample.idx(count: 40)],
            line: "train --data d-images-idx3-ubyte", status: 65,
            saying: "d-labels-idx1-ubyte: an array of shape [40, 8, 8]", "labels [N], one for each"),
        BadInput(
            "a file with something behind", ["d.idx": Sample.idx(count: 20) + Data([1, 2])],
            line: "train --data d.idx", status: 65, saying: "d.idx", "2 bytes follow"),
        BadInput(
            "a file of another kind", ["d.npy": Data("hello, world".utf8)], line: "train --data d.npy",
            status: 65,
            saying: "d.npy", "not an NPY file"),
        BadInput(
            "a kind that is not read", ["d.txt": Data("hello".utf8)], line: "train --data d.txt", status: 65,
            saying: "d.txt", "not a kind of data"),
        BadInput(
            "an array of the wrong shape", ["d.npy": Sample.npy([4], [1, 2, 3, 4])],
            line: "train --data d.npy",
            status: 65, saying: "d.npy"),
        BadInput(
            "a broken picture", ["d/a.png": Data("no picture".utf8)], line: "train --data d", status: 65,
            saying: "d/a.png", "not an image"),
        BadInput(
            "no pictures", ["d/readme.txt": Data("none".utf8)], line: "train --data d", status: 65,
            saying: "d: no PNG or JPEG images"),
        BadInput(
            "pictures of mixed size",
            ["d/a.png": Sample.png(side: 8, seed: 1), "d/b.png": Sample.png(side: 9, seed: 2)],
            line: "train --data d --batch-size 1", status: 65, saying: "d/b.png: 9×9", "--image-size"),
        BadInput(
            "a missing number", ["d.csv": Sample.csv(rows: 30, replacing: 4, with: "NaN")],
            line: "train --data d.csv", status: 65, saying: "d.csv: row 5, column \"b\""),
        BadInput(
            "a column that is not there", ["d.csv": Sample.csv(rows: 30)],
            line: "train --data d.csv --columns a,z", status: 65,
            saying: "d.csv: no numeric column \"z\"", "there are: a, b"),
        BadInput(
            "a size for what are no images", ["d.csv": Sample.csv(rows: 30)],
            line: "train --data d.csv --image-size 16", status: 65,
            saying: "d.csv: an image size of 16 does not apply", "--image-size"),
        BadInput(
            "a batch larger than the set", ["d.idx": Sample.idx(count: 20)],
            line: "train --data d.idx --batch-size 21 --validation 0 \(small)", status: 65,
            saying: "d.idx has 20 examples", "--batch-size"),
        BadInput(
            "one example", ["d.idx": Sample.idx(count: 1)],
            line: "train --data d.idx --batch-size 2 \(small)", status: 65,
            saying: "d.idx has 1 example,", "--batch-size"),
        BadInput(
            "more for validation than there are", ["d.idx": Sample.idx(count: 20)],
            line: "train --data d.idx --validation 20 \(small)", status: 65, saying: "d.idx has 20 examples"),
        BadInput(
            "more stages than the image can be halved", ["d.idx": Sample.idx(count: 20)],
            line: "train --data d.idx --network conv --channels 4,4,4,4 --batch-size 5", status: 64,
            saying: "fewer stages"),
        BadInput(
            "binarization that does not suit the data", line: "train --binarization fixed", status: 65,
            saying: "sprites: its elements are bytes", "choose none or dynamic or threshold"),
        BadInput(
            "a learning rate that diverges", ["d.csv": Sample.csv(rows: 60)],
            line: "train --data d.csv --learning-rate 1e3 --optimizer sgd --batch-size 2 \(small)", status: 1,
            saying: "not finite", "--learning-rate"),
    ]

    @Test(arguments: inputs) func badDataIsToldInOneLine(input: BadInput) throws {
        try withTemporaryFolder { folder in
            for (path, data) in input.files {
                let url = folder.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try data.write(to: url)
            }
            let outcome = try Vae.run(input.line, in: folder)
            expectComplaint(outcome, status: input.status, saying: input.complaint)
        }
    }

    @Test func aBatchOfTheOnlyExampleTrains() throws {
        try withTemporaryFolder { folder in
            try Sample.idx(count: 1).write(to: folder.appendingPathComponent("d.idx"))
            let outcome = try Vae.run("train --data d.idx \(Self.small)", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func constantImagesTrainWithANote() throws {
        try withTemporaryFolder { folder in
            try Sample.idx(count: 20, level: { _ in 128 }).write(to: folder.appendingPathComponent("d.idx"))
            let outcome = try Vae.run("train --data d.idx --batch-size 5 \(Self.small)", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("note: d.idx: all 20 examples are the same"))
        }
    }
}
