import Foundation
import VAE

/// Epochs through a folder of images: found, decoded, shuffled, cut into batches of float32.
struct FolderContestant: Contestant {
    private let folder: URL
    private let batch: Int
    private var epoch = 0

    init(_ workload: Workload, from start: URL) {
        folder = start
        batch = workload.batch
    }

    /// Goes through one epoch; returns the images and the mean of their values.
    private mutating func goThrough() throws -> (images: Int, mean: Double) {
        let loader = try BatchLoader(
            ImageFolderSource(folder), batchSize: batch, shuffledBy: Generator(seed: 1))
        var (images, sum) = (0, 0.0)
        for result in loader.batches(epoch: epoch) {
            let batch = Preprocessing.grey.apply(to: try result.get(), using: Generator(seed: 2))
            images += batch.count
            sum += batch.examples.mean().scalar() * Double(batch.count)
        }
        epoch += 1
        return (images, sum / Double(images))
    }

    mutating func check() throws -> [Double] {
        let seen = try goThrough()
        return [Double(seen.images), seen.mean]
    }

    mutating func `repeat`(_ count: Int) throws {
        for _ in 0..<count { _ = try goThrough() }
    }
}
