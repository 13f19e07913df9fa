import Models
import Settings

extension RunConfiguration {
    /// The models by name.
    public static let models = Registry<any ModelRecipe.Type>(
        "model",
        [
            GaussianVAE.Configuration.self, FlowRecipe<RealNVPArchitecture>.self,
            FlowRecipe<MaskedAutoregressiveArchitecture>.self, PrincipalComponentsRecipe.self,
        ])
}
