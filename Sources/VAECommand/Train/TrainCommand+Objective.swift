import CommandLineKit
import VAE

extension TrainCommand {
    /// The objectives by name.
    enum ObjectiveName: String, CaseIterable, Sendable {
        case elbo, iwae, miwae, piwae, ciwae, beta, capacity
        case freeBits = "free-bits"
        case totalCorrelation = "total-correlation"
        case meanDiscrepancy = "mmd"
        case dipI = "dip-i"
        case dipII = "dip-ii"
        case latentWidth = "latent-width"
        case factor

        /// The weight where none is given, if it has one.
        var weight: Double? {
            switch self {
            case .elbo, .iwae, .miwae, .piwae, .ciwae, .freeBits, .factor: nil
            case .beta: 4
            case .capacity: 100
            case .totalCorrelation: 6
            case .meanDiscrepancy: 10
            case .dipI, .dipII: 10
            case .latentWidth: 1
            }
        }
    }

    static let objective = Option(
        "objective", .choice(ObjectiveName.self), default: .elbo,
        help: """
            What is maximised. elbo, the bound over --samples draws; of the weights of draws iwae (importance-weighted), \
            miwae (its mean over --parts of the draws), piwae (iwae for the decoder, miwae for the encoder), ciwae \
            (between iwae and elbo). Or distortion and, in the place of the rate: beta, the rate by --objective-weight; \
            capacity, its distance from --capacity; free-bits, what it has above --free-bits; total-correlation, which \
            presses units to be independent; mmd, the discrepancy of codes and prior; dip-i and dip-ii, the covariance of \
            posterior means or of z; latent-width, the weight of the square of z; factor, which like total-correlation \
            presses units to be independent, by a network that learns to tell z from z with permuted units.
            """)
    static let samples = Option(
        "samples", .integer(in: 1...10_000), help: "Draws of z for each example in a step.")
    static let backwardSamples = Option(
        "backward-samples", .integer(in: 1...10_000), placeholder: "n",
        help: """
            How many of the draws of iwae go through the backward pass, kept by their weights. The gradient has the same \
            mean, and a step of many draws costs less than half. Without it, all.
            """)
    static let objectiveWeight = Option(
        "objective-weight", .double(in: 0...),
        help: """
            The weight of what beta (4), capacity (100), total-correlation (6), mmd (10), dip-i, dip-ii (10) and \
            latent-width (1) press.
            """)
    static let parts = Option(
        "parts", .integer(in: 1...10_000), default: 2, placeholder: "n",
        help: "Parts that miwae and piwae cut the draws of an example into.")
    static let elboShare = Option(
        "elbo-share", .double(in: 0...1), default: 0.5, help: "The share of the ELBO in ciwae.")
    static let capacity = Option(
        "capacity", .double(in: 0...), default: 25, placeholder: "nats",
        help: "The rate that capacity ends with.")
    static let capacityEpochs = Option(
        "capacity-epochs", .integer(in: 0...), default: 10, placeholder: "epochs",
        help: "Epochs over which it grows from 0.")
    static let freeBits = Option(
        "free-bits", .double(in: 0...), default: 0.1, placeholder: "nats",
        help: "The rate that costs nothing in free-bits.")
    static let freeBitsScope = Option(
        "free-bits-per", .choice(FreeBits.Scope.self), default: .unit, help: "What has so many of its own.")
    static let sampling = Option(
        "tc-sampling", .choice(TotalCorrelation.Sampling.self), default: .weighted,
        help: "How a batch stands for all examples in total-correlation.")
    static let kernel = Option(
        "mmd-kernel", .choice(MeanDiscrepancy.Kernel.self), default: .inverseMultiquadratic,
        help: "How mmd measures the nearness of two z.")
    static let mmdRateWeight = Option(
        "mmd-rate-weight", .double(in: 0...), default: 0,
        help: "The weight of the rate beside mmd; 0 is the Wasserstein autoencoder.")
    static let gamma = Option(
        "gamma", .double(in: 0...), default: 10, help: "The weight of the total correlation in factor.")
    static let discriminatorHidden = Option(
        "discriminator-hidden", .list(of: .integer(in: 1...65_536)), default: [256, 256, 256],
        help: "Widths of the network of factor; the paper has 1000 six times.")
    static let discriminatorRate = Option(
        "discriminator-learning-rate", .double(in: .above(0)), default: 1e-4,
        help: "The step length of the network of factor.")
    static let gradient = Option(
        "gradient", .choice(TrainingSettings.GradientKind.self),
        help: """
            How the gradient of elbo, iwae, miwae, piwae or ciwae is found: through the draws (without it), by sticking \
            the landing (stl), doubly reparameterised (dreg), or by the score function.
            """)
    static let baseline = Option(
        "baseline", .choice(Baseline.self),
        help: "What the score function's factor is measured from. Without it, none.")
    static let rate = Option(
        "rate", .choice(RateEstimate.self),
        help:
            "How the rate is found: in closed form where it has one, which is so without it, or from the draws."
    )

    static let objectiveOptions: [any CommandLineKit.Parameter] =
        [objective, samples] + objectiveOwners.map(\.option) + [gradient, baseline, rate]

    /// What only some objectives have.
    private static let objectiveOwners: [(option: any CommandLineKit.Parameter, owners: [ObjectiveName])] = [
        (backwardSamples, [.iwae]),
        (objectiveWeight, ObjectiveName.allCases.filter { $0.weight != nil }),
        (parts, [.miwae, .piwae]), (elboShare, [.ciwae]), (capacity, [.capacity]),
        (capacityEpochs, [.capacity]), (freeBits, [.freeBits]), (freeBitsScope, [.freeBits]),
        (sampling, [.totalCorrelation]), (kernel, [.meanDiscrepancy]),
        (mmdRateWeight, [.meanDiscrepancy]), (gamma, [.factor]), (discriminatorHidden, [.factor]),
        (discriminatorRate, [.factor]),
    ]

    /// What an objective or a gradient does not take.
    static func checkObjectiveOptions(_ arguments: Arguments) throws {
        for (option, owners) in objectiveOwners {
            let names = owners.map(\.rawValue).joined(separator: "' or '")
            try check(
                option, in: arguments, owners.contains(arguments[objective]), to: "--objective \(names)")
        }
        try check(baseline, in: arguments, arguments[gradient] == .score, to: "--gradient score")
    }

    /// The objective that the options describe.
    static func objective(_ arguments: Arguments) -> TrainingSettings.ObjectiveKind {
        let name = arguments[objective]
        let weight = arguments[objectiveWeight] ?? name.weight ?? 1
        return switch name {
        case .elbo: .elbo
        case .iwae: .iwae
        case .miwae: .miwae(parts: arguments[parts])
        case .piwae: .piwae(parts: arguments[parts])
        case .ciwae: .ciwae(elboShare: arguments[elboShare])
        case .beta: .beta(WeightedRate(weight: weight))
        case .capacity:
            .capacity(
                CapacityTarget(
                    weight: weight, nats: arguments[capacity], epochs: arguments[capacityEpochs]))
        case .freeBits: .freeBits(FreeBits(nats: arguments[freeBits], scope: arguments[freeBitsScope]))
        case .totalCorrelation:
            .totalCorrelation(TotalCorrelation(weight: weight, sampling: arguments[sampling]))
        case .meanDiscrepancy:
            .meanDiscrepancy(
                MeanDiscrepancy(
                    weight: weight, rateWeight: arguments[mmdRateWeight], kernel: arguments[kernel]))
        case .dipI: .disentangledPrior(DisentangledPrior(weight: weight, form: .means))
        case .dipII: .disentangledPrior(DisentangledPrior(weight: weight, form: .draws))
        case .latentWidth: .latentWidth(LatentWidth(weight: weight))
        case .factor:
            .factor(
                FactorLoss.Settings(
                    weight: arguments[gamma], hidden: arguments[discriminatorHidden],
                    learningRate: arguments[discriminatorRate]))
        }
    }
}
