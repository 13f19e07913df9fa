import Datasets
import Formats
import Foundation
import Synchronization
import Tensors
import Testing

/// Examples `[2]` that hold their number twice.
func numbers(_ count: Int, labels: [Int]? = nil) -> InMemorySource {
    let values = (0..<count).flatMap { [Float($0), Float($0)] }
    return InMemorySource(
        name: "numbers", examples: Tensor(values, shape: [count, 2]), elementKind: .real, labels: labels)
}

/// Examples that can fail, and that count how often they are asked for.
final class CountingSource: DataSource {
    let name = "counting"
    let exampleShape = [1]
    let elementKind = ElementKind.bytes
    let count: Int
    let labels: [Int]? = nil
    let failingPlace: Int?
    let requests = Mutex(0)

    init(count: Int, failingAt failingPlace: Int? = nil) {
        self.count = count
        self.failingPlace = failingPlace
    }

    struct Failure: Error {}

    func examples(at indices: [Int]) throws -> Tensor {
        requests.withLock { $0 += 1 }
        if let failingPlace, indices.contains(failingPlace) { throw Failure() }
        return Tensor(indices.map { UInt8($0 % 256) }, shape: [indices.count, 1])
    }
}

/// Expects an error that is one line with all of the parts in it.
func expectLine(
    _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Any
) {
    do {
        _ = try body()
        Issue.record("no error, expected one with \(parts)", sourceLocation: sourceLocation)
    } catch {
        let text = "\(error)"
        #expect(!text.contains("\n"), sourceLocation: sourceLocation)
        #expect(error is DatasetsError || error is FormatError, sourceLocation: sourceLocation)
        for part in parts { #expect(text.contains(part), sourceLocation: sourceLocation) }
    }
}

extension URL {
    /// Writes a file below this folder, making the folders between.
    func write(_ data: Data, as path: String) throws {
        let url = appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Writes a PNG with one level, or with three for colour, and a black corner.
    func writeImage(_ levels: UInt8..., size: (height: Int, width: Int) = (4, 6), as path: String) throws {
        var pixels = (0..<size.height * size.width).flatMap { _ in levels }
        for channel in levels.indices { pixels[channel] = 0 }
        let image = ImageBuffer(
            width: size.width, height: size.height, channels: levels.count, pixels: pixels)
        try write(PNG.encode(image), as: path)
    }
}
