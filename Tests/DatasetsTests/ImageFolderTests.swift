import Datasets
import Formats
import Foundation
import TestSupport
import Tensors
import Testing

@Suite("Folders of images")
struct ImageFolderTests {
    @Test("Images come in the order of their paths, whatever the order and case they were written in")
    func order() throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(30, as: "c.png")
            try folder.writeImage(10, as: "B.PNG")
            try folder.writeImage(20, as: "a/z.png")
            try folder.writeImage(99, as: ".hidden/x.png")
            try folder.write(Data("no image".utf8), as: "notes.txt")
            let source = try ImageFolderSource(folder)
            #expect(source.exampleShape == [1, 4, 6])
            #expect(source.labels == nil)
            let last = try source.examples(at: [0, 1, 2, 0])[.all, 0, 3, 5]
            #expect(last.array(of: UInt8.self) == [10, 20, 30, 10])
        }
    }

    @Test("Colour images are cut into planes")
    func planes() throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(10, 20, 30, as: "a.png")
            let image = try ImageFolderSource(folder).examples(at: [0])
            #expect(image.shape == [1, 3, 4, 6])
            for (channel, level) in [10, 20, 30].enumerated() {
                let plane = image[0, .at(channel)].array(of: UInt8.self)
                #expect(plane == [0] + [UInt8](repeating: UInt8(level), count: 23))
            }
        }
    }

    @Test("First-level subfolders are classes when all images lie in some")
    func classes() throws {
        try withTemporaryFolder { folder in
            for path in ["dog/1.png", "cat/deep/1.png", "cat/2.png", "emu/1.png"] {
                try folder.writeImage(50, as: path)
            }
            #expect(try ImageFolderSource(folder).labels == [0, 0, 1, 2])
            try folder.writeImage(50, as: "stray.png")
            #expect(try ImageFolderSource(folder).labels == nil)
        }
    }

    @Test("Mixed sizes are brought to one, PNG and JPEG, grey and colour", arguments: [1, 3])
    func resizing(channels: Int) throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(200, size: (40, 30), as: "a.png")
            try folder.writeImage(200, 200, 200, size: (9, 9), as: "b.png")
            let grey = ImageBuffer(width: 100, height: 70, channels: 1, filledWith: 200)
            try folder.write(JPEG.encode(grey, quality: 100), as: "c.jpeg")
            let source = try ImageFolderSource(folder, size: (8, 12), channels: channels)
            let images = try source.examples(at: [0, 1, 2])
            #expect(images.shape == [3, channels, 8, 12])
            // Away from the black corner.
            for level in images[.all, .all, .from(4)].array(of: Int.self) { #expect(abs(level - 200) <= 2) }
        }
    }

    @Test("Batches are the same however examples are grouped")
    func grouping() throws {
        try withTemporaryFolder { folder in
            for place in 0..<40 { try folder.writeImage(UInt8(place + 1), as: "\(place + 100).png") }
            let source = try ImageFolderSource(folder)
            let indices = (0..<40).map { $0 * 7 % 40 }
            let one = try indices.map { try source.examples(at: [$0])[0, 0, 3, 5].array(of: UInt8.self)[0] }
            #expect(one == indices.map { UInt8($0 + 1) })
            #expect(try source.examples(at: indices)[.all, 0, 3, 5].array(of: UInt8.self) == one)
        }
    }

    @Test("The first image of another size or with colour is named, with the mend")
    func mixed() throws {
        try withTemporaryFolder { folder in
            for place in 0..<30 { try folder.writeImage(50, as: String(format: "%02d.png", place)) }
            for place in [7, 12] {
                try folder.writeImage(50, size: (5, 6), as: String(format: "%02d.png", place))
            }
            for _ in 0..<10 {
                expectLine(["/07.png: 5×6 pixels", "/00.png has 4×6", "image size"]) {
                    try DataLibrary(environment: [:]).open(folder.path)
                }
            }
            #expect(try DataLibrary(environment: [:]).open(folder.path, imageSize: 5).training.count == 30)
            try folder.writeImage(1, 2, 3, as: "03.png")
            expectLine(["/03.png: in colour", "to grey or to colour"]) {
                try DataLibrary(environment: [:]).open(folder.path)
            }
        }
    }

    @Test("Bad images are named")
    func badImages() throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(50, as: "a.png")
            try folder.write(
                PNG.encode(ImageBuffer(width: 6, height: 4, channels: 1)).prefix(50), as: "b.png")
            expectLine(["/b.png: PNG data is damaged"]) {
                try DataLibrary(environment: [:]).open(folder.path)
            }
            try folder.write(Data(), as: "b.png")
            expectLine(["/b.png: not an image: it begins with nothing"]) {
                try DataLibrary(environment: [:]).open(folder.path)
            }
        }
    }

    @Test("A folder without images is refused")
    func noImages() throws {
        try withTemporaryFolder { folder in
            expectLine([folder.path, "no PNG or JPEG images"]) {
                try DataLibrary(environment: [:]).open(folder.path)
            }
        }
    }

    @Test("Subfolders train, val and test are splits")
    func splitFolders() throws {
        try withTemporaryFolder { folder in
            for (path, level) in [
                ("train/a.png", 10), ("train/b.png", 20), ("val/a.png", 30), ("test/a.png", 40),
            ] {
                try folder.writeImage(UInt8(level), as: path)
            }
            let splits = try DataLibrary(environment: [:]).open(folder.path)
            #expect(splits.training.count == 2)
            #expect(try splits.validation?.examples(at: [0])[0, 0, 3, 5].scalar() == 30)
            #expect(try splits.test?.examples(at: [0])[0, 0, 3, 5].scalar() == 40)
            try folder.writeImage(40, size: (9, 9), as: "test/a.png")
            expectLine(["/test: 1×9×9", "/train has 1×4×6", "image size"]) {
                try DataLibrary(environment: [:]).open(folder.path)
            }
        }
    }

    @Test("Blank images, and a set of one image many times, are used and pointed out")
    func constantImages() throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(50, as: "a.png")
            let blank = PNG.encode(ImageBuffer(width: 6, height: 4, channels: 1, filledWith: 7))
            try folder.write(blank, as: "b.png")
            try folder.write(blank, as: "c.png")
            let notes = try DataLibrary(environment: [:]).open(folder.path).notes
            #expect(notes.count == 1)
            #expect(notes[0].contains("/b.png and 1 more: one value everywhere"))
            try folder.write(blank, as: "a.png")
            let same = try DataLibrary(environment: [:]).open(folder.path).notes
            #expect(same == ["\(folder.path): all 3 examples are the same"])
        }
    }
}
