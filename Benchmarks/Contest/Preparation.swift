import Formats
import Foundation
import VAE

extension Workload {
    /// Writes what all contestants start from.
    func prepare(_ start: URL) throws {
        switch kind {
        case .train: try prepareTraining(start)
        case .score: try prepareScoring(start)
        case .folder: try prepareFolder(start)
        case .kmeans, .mixture: try prepareFit(start)
        }
    }

    /// Initial weights, the batches, and the noise of the steps that are compared.
    private func prepareTraining(_ start: URL) throws {
        let keys = RowKeys(indices: Array(0..<batch), draws: 0..<samples)
        let draws = (0..<Self.checkedSteps).map { step in
            // As a walk draws the latent of that name.
            var noise = Self.noise(ofStep: step).child(named: "z").byRows(keys)
            return noise.normal([samples, batch, model!.latents])
        }
        var file = Checkpoint()
        file.add("model", ModuleState(try makeModel()).tensors)
        file.add("data", [("x", try examples(Self.checkedSteps * batch)), ("noise", Tensor.stacked(draws))])
        try file.write(to: start)
    }

    /// The weights of the run beside the file, and test images.
    private func prepareScoring(_ start: URL) throws {
        let run = start.deletingLastPathComponent().appendingPathComponent("run/checkpoints/best.safetensors")
        var file = Checkpoint()
        file.add("model", try Checkpoint(readingFrom: run).section("model").map { ($0.key, $0.value) })
        let images = try DataLibrary().open("mnist").test!.examples(at: Array(0..<batch))
        file.add("data", [("x", images.converted(to: .float32) / 255)])
        try file.write(to: start)
    }

    /// Training examples in [0, 1]: digits, or sprites in colour where the model takes colour.
    private func examples(_ count: Int) throws -> Tensor {
        let shape = model!.exampleShape
        let bytes: Tensor
        if shape[0] == 3 {
            let sprites = Sprites(size: shape[1])
            var order = Generator(seed: 3)
            let places = order.permutation(of: sprites.count)
            let channels = (0..<3).map { channel in
                sprites.examples(at: Array(places[(channel * count)..<((channel + 1) * count)]))
            }
            bytes = Tensor.concatenated(channels, along: 1)
        } else {
            bytes = try DataLibrary().open("mnist").training.examples(at: Array(0..<count))
        }
        return bytes.converted(to: .float32) / 255
    }

    /// A folder of small pictures, sprites in two classes.
    private func prepareFolder(_ folder: URL) throws {
        let sprites = Sprites(size: 32)
        var order = Generator(seed: 4)
        for (number, place) in order.permutation(of: sprites.count).prefix(batch * samples).enumerated() {
            let file = folder.appendingPathComponent("\(number % 2)/\(number).png")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            let picture = Pictures.images(sprites.examples(at: [place]).converted(to: .float32) / 255)[0]
            try PNG.encode(picture).write(to: file)
        }
    }

    /// Rows of 16 numbers about 16 centres, near enough to one another to be confused, and rows to begin at.
    private func prepareFit(_ start: URL) throws {
        var generator = Generator(seed: 5)
        let centres = generator.normal([16, 16]) * 2
        let places = (0..<batch).map { _ in Int(generator.next() % 16) }
        let x = centres.gathering(Tensor(places), along: 0) + generator.normal([batch, 16])
        var file = Checkpoint()
        file.add("data", [("x", x), ("centres", x.sliced(along: 0, from: 0, to: 16).copy())])
        try file.write(to: start)
    }
}
