import Bounds
import Settings

extension TrainingSettings {
    /// How the gradient of a bound is found.
    public enum GradientKind: String, Codable, Sendable, CaseIterable {
        /// Through the draws.
        case reparameterized
        /// Sticking the landing.
        case stickingTheLanding = "stl"
        /// Doubly reparameterised.
        case doublyReparameterized = "dreg"
        /// By the score function.
        case score
    }

    /// How gradients are found, with its baseline.
    var estimator: GradientEstimator {
        switch gradient ?? .reparameterized {
        case .reparameterized: .reparameterized
        case .stickingTheLanding: .stickingTheLanding
        case .doublyReparameterized: .doublyReparameterized
        case .score: .scoreFunction(baseline ?? .none)
        }
    }

    /// The traits of latents that objective and gradient need.
    private var needs: Set<LatentTrait> {
        objective.needs.union(estimator.needs).union(backwardSamples == nil ? [] : [.hasIndependentDraws])
    }

    /// Checks that a model's latents are such as objective and gradient ask for.
    ///
    /// - Parameter traits: Of the model's latents.
    /// - Throws: `SettingsError.invalid`.
    public func validate(for traits: Set<LatentTrait>) throws {
        guard let missing = LatentTrait.allCases.first(where: { needs.subtracting(traits).contains($0) })
        else { return }
        let (setting, value) =
            if objective.needs.contains(missing) {
                ("objective", objective.summary)
            } else if estimator.needs.contains(missing) {
                ("gradient", gradient?.rawValue ?? "")
            } else {
                ("backwardSamples", "\(backwardSamples ?? samples)")
            }
        throw SettingsError.invalid(setting: setting, value: value, allowed: "for \(missing.owners)")
    }

    /// Checks that objective, gradient and rate go together.
    ///
    /// - Throws: `SettingsError.invalid`.
    func validateGradient() throws {
        let gradient = gradient ?? .reparameterized
        try require(
            gradient == .reparameterized || objective.bounds != nil, "gradient", gradient.rawValue,
            "reparameterized, but for \(Self.objectivesOfLogWeights)")
        try require(
            baseline == nil || gradient == .score, "baseline", baseline?.rawValue ?? "",
            "with the gradient by the score function")
        try require(
            baseline != .leaveOneOut || samples / (objective.bounds?.inference.parts ?? 1) > 1, "baseline",
            "leave-one-out",
            "with two draws of z or more in each part")
        if let kept = backwardSamples {
            try require(
                (1..<samples).contains(kept) && objective.takesBackwardSamples && gradient != .score,
                "backwardSamples", kept, "fewer than samples, with iwae and without the score function")
        }
        let isOfWeights = gradient != .reparameterized || !objective.takesAnalyticRate
        try require(
            rateEstimate != .analytic || !isOfWeights, "rateEstimate", "analytic",
            "with the reparameterized gradient of the ELBO; what is made of log weights has the rate of its draws"
        )
    }

    /// The objectives whose gradient may be found in other ways than through the draws.
    private static var objectivesOfLogWeights: String {
        let kinds = objectives.kinds.filter { ($0.init() as? any ObjectiveRecipe)?.bounds != nil }
        return kinds.map { $0.kind }.joined(separator: ", ")
    }
}
