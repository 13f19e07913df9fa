import Formats
import Foundation
import Tensors

extension NamedSet {
    /// Frey's faces, as they came (a MATLAB file) or as IDX.
    ///
    /// The 1965 frames are split 1565 / 200 / 200 after a shuffle that is always the same.
    static let freyFaces = NamedSet(
        name: "freyfaces", summary: "frames of a film of one man's face, grey", exampleShape: [1, 28, 20],
        counts: [1565, 200, 200], origin: "Frey; Roweis, Saul 2000", terms: "none stated",
        folders: ["freyfaces", "frey_faces"],
        files: [["freyfaces-images-idx3-ubyte.gz", "freyfaces-images-idx3-ubyte", "frey_rawface.mat"]],
        downloads: [
            RemoteFile(
                name: "frey_rawface.mat", mirrors: ["https://cs.nyu.edu/~roweis/data/"], sha256: freySum,
                checkedTail: freyBytes)
        ]
    ) { files, _ in
        let isIDX = files[0].pathExtension != "mat"
        let frames =
            isIDX
            ? try DataFile.idx(files[0], name: "freyfaces")
            : try freyFrames(files[0]).source(name: "freyfaces").0
        guard frames.count == 1965 else {
            throw DatasetsError.tooFewExamples(
                set: files[0].relativePath, count: frames.count, wanted: "Frey's 1965 faces")
        }
        var generator = Generator(seed: 1965)
        let order = generator.permutation(of: frames.count)
        return DataSplits(
            training: SubsetSource(frames, at: order[..<1565].sorted()),
            validation: SubsetSource(frames, at: order[1565..<1765].sorted()),
            test: SubsetSource(frames, at: order[1765...].sorted()))
    }

    private static let freyBytes = 1965 * 28 * 20
    /// Of the pixels alone.
    private static let freySum = "2438ba4f0d2a6bd8bac43de756141eaa33c8d248dd613d464bdb1210d9b7af78"

    /// The frames of the MATLAB file: its one array is stored plainly, a frame after the other, at the very end.
    private static func freyFrames(_ url: URL) throws -> RawArray {
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            throw FormatError.file(path: url.relativePath, .unreadable(code: EIO))
        }
        let pixels = data.suffix(freyBytes)
        let sum = SHA256.hexDigest(of: pixels)
        guard sum == freySum else {
            throw DatasetsError.wrongChecksum(address: url.relativePath, expected: freySum, found: sum)
        }
        return RawArray(shape: [1965, 28, 20], scalarType: .u8, data: pixels)
    }
}
