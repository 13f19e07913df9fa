import Layers
import Tensors

// The layers of the residual network, in which z is a map as well: each place of the smallest map has its own part of
// z, so that no product over the whole image stands between x and z.
extension GaussianVAE {
    /// The layers of a residual network on both sides of z.
    struct ResidualNetwork {
        let channels: [Int]
        let blocks: Int
        let configuration: Configuration

        /// Height and width before and after each stage.
        private var sizes: [(height: Int, width: Int)] {
            halvings(of: configuration.exampleShape, stages: channels.count)
        }

        /// Channels of z.
        private var depth: Int { configuration.latents / (sizes.last!.height * sizes.last!.width) }

        /// From x to the map that the head reads.
        func encoder(using generator: inout Generator) -> [any Layer] {
            let ends = [configuration.exampleShape[0]] + channels
            let stages = channels.indices.map { stage in
                Conv2d(
                    inputs: ends[stage], outputs: ends[stage + 1], kernelSize: 4, stride: 2, padding: 1,
                    activation: .relu, using: &generator)
            }
            return stages + residualBlocks(using: &generator)
        }

        /// From the map to the parameters of q(z | x), flat: means of all channels before log-variances.
        func encoderHead(using generator: inout Generator) -> any Layer {
            let conv = Conv2d(inputs: channels.last!, outputs: 2 * depth, kernelSize: 1, using: &generator)
            return Sequential([conv, Flatten()])
        }

        /// From z, flat, to the parameters of p(x | z).
        func decoder(using generator: inout Generator) -> [any Layer] {
            let outputs = configuration.likelihood.outputs(forChannels: configuration.exampleShape[0])
            let ends = [channels[0]] + channels
            let stages = channels.indices.reversed().map { stage in
                ConvTranspose2d(
                    inputs: ends[stage + 1], outputs: ends[stage], kernelSize: 4, stride: 2, padding: 1,
                    outputSize: sizes[stage], activation: .relu, using: &generator)
            }
            let first = Conv2d(
                inputs: depth, outputs: channels.last!, kernelSize: 3, padding: 1, using: &generator)
            let start: [any Layer] = [Reshape([depth, sizes.last!.height, sizes.last!.width]), first]
            let last = Conv2d(inputs: channels[0], outputs: outputs, kernelSize: 1, using: &generator)
            return start + residualBlocks(using: &generator) + stages + [last]
        }

        private func residualBlocks(using generator: inout Generator) -> [any Layer] {
            let width = channels.last!
            return (0..<blocks).map { _ in
                ResidualBlock(
                    inputs: width, outputs: width, groups: width % 8 == 0 ? 8 : 1, using: &generator)
            }
        }

        /// Checks that z can be a map.
        func validate() throws {
            try require((0...100).contains(blocks), "blocks", blocks, "0 to 100")
            let places = sizes.last!.height * sizes.last!.width
            try require(
                configuration.latents % places == 0, "latents", configuration.latents,
                "a multiple of \(places), the places of the smallest map, \(sizes.last!.height)×\(sizes.last!.width)"
            )
            try require(
                configuration.posterior == .diagonal(), "posterior", "\(configuration.posterior)",
                "diagonal with variances by exp in a residual network")
        }
    }
}
