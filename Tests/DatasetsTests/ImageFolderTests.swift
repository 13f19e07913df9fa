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
            #expect(
                try DataLibrary(environment: [:]).open(folder.path, ReadingOptions(imageSize: 5)).training
                    .count == 30)
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

    @Test("Train is a class like the others unless there is a split for validation or test")
    func trainAlone() throws {
        try withTemporaryFolder { folder in
            for path in ["train/a.png", "bus/a.png", "car/a.png"] { try folder.writeImage(9, as: path) }
            let splits = try DataLibrary(environment: [:]).open(folder.path)
            #expect(splits.training.labels == [0, 1, 2] && splits.validation == nil && splits.test == nil)
            #expect(
                splits.notes.contains {
                    $0.contains("3 subfolders are classes (\"bus\", \"car\", \"train\")")
                })
        }
    }

    @Test(
        "The usual names of splits are known in any case", arguments: ["val", "Valid", "VALIDATION", "dev"])
    func splitNames(validation: String) throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(9, as: "Train/a.png")
            try folder.writeImage(9, as: "\(validation)/a.png")
            let splits = try DataLibrary(environment: [:]).open(folder.path)
            #expect(splits.training.count == 1 && splits.validation?.count == 1)
            #expect(
                splits.notes.contains { $0.contains("Train/ for training, \(validation)/ for validation") })
        }
    }

    @Test("Links to folders are followed, each once, and files that are no images are counted")
    func links() throws {
        try withTemporaryFolder { folder in
            try folder.writeImage(9, as: "set/a/1.png")
            try folder.writeImage(9, as: "elsewhere/2.png")
            try folder.write(Data(), as: "set/a/list.txt")
            try folder.write(Data(), as: "set/b.webp")
            let manager = FileManager.default
            try manager.createSymbolicLink(
                atPath: folder.path + "/set/b", withDestinationPath: folder.path + "/elsewhere")
            try manager.createSymbolicLink(
                atPath: folder.path + "/set/a/back", withDestinationPath: folder.path + "/set")
            let splits = try DataLibrary(environment: [:]).open(folder.path + "/set")
            #expect(splits.training.labels == [0, 1])
            #expect(
                splits.notes.contains {
                    $0.contains("2 files are neither PNG nor JPEG and not read (.txt, .webp)")
                })
        }
    }

    @Test("Bad images can be left out, with their count")
    func skipBad() throws {
        try withTemporaryFolder { folder in
            for place in 0..<5 { try folder.writeImage(50, as: "\(place).png") }
            try folder.write(Data("no".utf8), as: "1.png")
            var options = ReadingOptions()
            options.skipsBad = true
            let splits = try DataLibrary(environment: [:]).open(folder.path, options)
            #expect(splits.training.count == 4)
            #expect(splits.notes.contains { $0.contains("1 image that cannot be read is left out") })
        }
    }

    @Test("A photograph is turned as its EXIF data say", arguments: 1...8)
    func orientation(_ orientation: UInt8) throws {
        // A dark stripe at the top of the stored image, which is twice as wide as high.
        var image = ImageBuffer(width: 32, height: 16, channels: 1, filledWith: 200)
        for place in 0..<32 * 4 { image.pixels[place] = 20 }
        for row in 4..<16 { for column in 0..<8 { image.pixels[row * 32 + column] = 110 } }
        let jpeg = JPEG.encode(image, quality: 100)
        let exif: [UInt8] =
            [0xFF, 0xE1, 0, 34] + Array("Exif".utf8) + [0, 0, 0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1]
            + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let turned = try JPEG.decode(jpeg.prefix(2) + Data(exif) + jpeg.dropFirst(2))
        // Where the dark stripe and the grey one beside it are to be seen.
        let sides = [
            1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "left top", 6: "right top",
            7: "right bottom", 8: "left bottom",
        ]
        func level(_ side: Substring) -> UInt8 {
            let (width, height) = (turned.width, turned.height)
            let (x, y) =
                switch side {
                case "top": (width / 2, 1)
                case "bottom": (width / 2, height - 2)
                case "left": (1, height / 2)
                default: (width - 2, height / 2)
                }
            return turned.pixels[y * width + x]
        }
        let found = try #require(sides[Int(orientation)]).split(separator: " ")
        #expect(abs(Int(level(found[0])) - 20) < 12 && abs(Int(level(found[1])) - 110) < 12)
        #expect((turned.width, turned.height) == (orientation >= 5 ? (16, 32) : (32, 16)))
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
