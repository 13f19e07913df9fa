import Tensors

/// Images of levels whose pixels are independent mixtures of discretised logistics, with the colours of a pixel coupled.
///
///     P(x) = Σ_k π_k Π_c P(x_c | μ_kc(x_<c), s_kc)
///     μ_red,   μ_green + α (x_red − ½),   μ_blue + β (x_red − ½) + γ (x_green − ½)
///
/// One component explains all channels of a pixel. Images of another number of channels than three are not coupled.
///
/// Source: Salimans, Karpathy, Chen, Kingma 2017, section 2.1 and 2.2, arXiv:1701.05517; here x lies in [0, 1].
public struct LogisticMixture: HasCentre {
    /// log π up to a constant, `[batch..., components, height, width]`.
    public var logits: Tensor { parts.logits }
    /// μ before the coupling, `[batch..., components, channels, height, width]`.
    public var locations: Tensor { parts.locations }
    /// log s, as μ.
    public var logScales: Tensor { parts.logScales }
    /// α, β and γ, `[batch..., components, 3, height, width]`; absent unless there are three channels.
    public var coefficients: Tensor? { parts.coefficients }
    /// What x can be.
    public let levels: Levels
    private let source: Source

    private struct Parts {
        let logits, locations, logScales: Tensor
        let coefficients: Tensor?
    }

    /// The output of a network is taken apart only where the fused density does not do it.
    private enum Source {
        case parts(Parts)
        case network(Tensor, components: Int, channels: Int)
    }

    private var parts: Parts {
        switch source {
        case .parts(let parts): parts
        case .network(let parameters, let components, let channels):
            Self.parts(of: parameters, components: components, channels: channels)
        }
    }

    /// Channels, height and width.
    public var eventRank: Int { 3 }

    /// `[batch..., channels, height, width]`.
    public var shape: [Int] {
        switch source {
        case .parts(let parts): parts.locations.shape.dropLast(4) + parts.locations.shape.suffix(3)
        case .network(let parameters, _, let channels):
            parameters.shape.dropLast(3) + [channels] + parameters.shape.suffix(2)
        }
    }

    /// The type of an outcome's elements.
    public var dtype: DType {
        switch source {
        case .parts(let parts): parts.locations.dtype
        case .network(let parameters, _, _): parameters.dtype
        }
    }

    /// A mixture from its parameters.
    public init(
        logits: Tensor, locations: Tensor, logScales: Tensor, coefficients: Tensor?, levels: Levels = .bytes
    ) {
        source = .parts(
            Parts(logits: logits, locations: locations, logScales: logScales, coefficients: coefficients))
        self.levels = levels
    }

    /// How many numbers a pixel of so many channels takes.
    public static func parameterCount(components: Int, channels: Int) -> Int {
        components * (1 + 2 * channels + (channels == 3 ? 3 : 0))
    }

    /// A mixture from the output of a network.
    ///
    /// - Parameters:
    ///   - parameters: `[batch..., parameterCount, height, width]`; μ counts from ½, log s from −2 and is at least −7,
    ///     α, β, γ go through tanh.
    ///   - components: K.
    ///   - channels: Of the images.
    public init(parameters: Tensor, components: Int, channels: Int) {
        source = .network(parameters, components: components, channels: channels)
        levels = .bytes
    }

    private static func parts(of parameters: Tensor, components: Int, channels: Int) -> Parts {
        let isCoupled = channels == 3
        let many = components * channels
        let parts = parameters.split([components, many, many] + (isCoupled ? [many] : []), along: -3)
        func perChannel(_ x: Tensor) -> Tensor {
            x.reshaped(x.shape.dropLast(3) + [components, channels] + x.shape.suffix(2))
        }
        return Parts(
            logits: parts[0], locations: perChannel(parts[1]) + 0.5,
            // Softly bounded below: exp(−7) is a quarter of a level.
            logScales: (perChannel(parts[2]) + 5).softplus() - 7,
            coefficients: isCoupled ? perChannel(parts[3]).tanh() : nil)
    }

    /// log P(x) of images of levels, `[..., channels, height, width]`.
    public func logProbability(of x: Tensor) -> Tensor {
        if case .network(let parameters, let components, let channels) = source,
            parameters.dtype == .float32, x.rank <= parameters.rank
        {
            let pixels = parameters.size(along: -1) * parameters.size(along: -2)
            return parameters.reshaped([-1, parameters.size(along: -3), pixels])
                .logisticMixtureLogProbability(
                    of: x.reshaped([-1, channels, pixels]), components: components, spacing: levels.spacing
                ).reshaped(Array(parameters.shape.dropLast(3)))
        }
        let parts = parts
        let image = x.expanded(at: -4)
        let density = DiscretizedDensity(
            .logistic, location: coupledLocations(of: parts, at: image), logScale: parts.logScales,
            eventRank: 0,
            levels: levels)
        let perComponent = density.elementwiseLogProbability(of: image).sum(along: -3)
        return summedOverPixels((perComponent + parts.logits.logSoftmax(along: -3)).logSumExp(along: -3))
    }

    private func summedOverPixels(_ x: Tensor) -> Tensor { x.sum(along: -1, -2) }

    /// μ given the channels before, for x `[..., 1, channels, height, width]`.
    private func coupledLocations(of parts: Parts, at x: Tensor) -> Tensor {
        guard let coefficients = parts.coefficients else { return parts.locations }
        let locations = parts.locations
        let (red, green) = (channel(0, of: x) - 0.5, channel(1, of: x) - 0.5)
        // Nothing is added to red, but it takes the leading axes of x.
        let first = channel(0, of: locations) + red * 0
        let second = channel(1, of: locations) + channel(0, of: coefficients) * red
        let third =
            channel(2, of: locations) + channel(1, of: coefficients) * red
            + channel(2, of: coefficients) * green
        return Tensor.concatenated([first, second, third], along: -3)
    }

    private func channel(_ place: Int, of x: Tensor) -> Tensor {
        x.sliced(along: -3, from: place, to: place + 1)
    }

    /// Σ_k π_k μ_k, each channel given the centres of those before.
    public var centre: Tensor {
        let parts = parts
        let weights = parts.logits.softmax(along: -3).expanded(at: -3)
        return channelByChannel(of: parts) { location, _ in
            (location * weights).sum(along: -4).clamped(from: 0, to: 1)
        }
    }

    /// A component for each pixel, then its channels one after the other.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let parts = parts
        let chosen = parts.logits.drawnPlaces(along: -3, leading, using: &generator)
        let components = parts.logits.size(along: -3)
        // [..., height, width, components] → [..., components, 1, height, width]
        let oneHot = chosen.oneHot(classes: components).converted(to: parts.logits.dtype)
        let rank = oneHot.rank
        let axes = Array(0..<(rank - 3)) + [rank - 1, rank - 3, rank - 2]
        let isChosen = oneHot.permuted(axes).expanded(at: -3)
        let shape = parts.locations.shape.dropLast(4) + parts.locations.shape.suffix(3)
        let noise = generator.uniform(leading + shape, dtype: parts.logits.dtype)
        return channelByChannel(of: parts) { location, place in
            let own = (location * isChosen).sum(along: -4)
            let logScale = (channel(place, of: parts.logScales) * isChosen).sum(along: -4)
            let draw =
                own + logScale.exp() * DiscretizedDensity.Family.logistic.quantile(channel(place, of: noise))
            return levels.nearest(to: draw)
        }.withoutGradient()
    }

    /// Decides each channel from μ given the channels decided before.
    ///
    /// - Parameters:
    ///   - parts: The parameters.
    ///   - decide: Takes μ of a channel `[..., components, 1, height, width]` and its place →
    ///     `[..., 1, height, width]`.
    /// - Returns: All channels, `[..., channels, height, width]`.
    private func channelByChannel(of parts: Parts, _ decide: (Tensor, Int) -> Tensor) -> Tensor {
        var decided: [Tensor] = []
        for place in 0..<parts.locations.size(along: -3) {
            var location = channel(place, of: parts.locations)
            if let coefficients = parts.coefficients, place > 0 {
                // α couples green to red; β and γ blue to red and green.
                for (before, value) in decided.enumerated() {
                    let coefficient = channel(place == 1 ? 0 : 1 + before, of: coefficients)
                    location = location + coefficient * (value - 0.5).expanded(at: -4)
                }
            }
            decided.append(decide(location, place))
        }
        return Tensor.concatenated(decided, along: -3)
    }
}
