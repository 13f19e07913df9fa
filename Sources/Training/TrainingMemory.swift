import Layers
import Tensors

extension TrainingSettings {
    /// The bytes that a model takes while it is trained: its tensors, a gradient for each that learns, what the optimizer
    /// remembers of these, and their average.
    ///
    /// - Parameter model: Also one whose tensors have no elements, as `withShapesOnly` makes it.
    /// - Returns: A `Double`, as it may be more than memory can have addresses.
    /// - Throws: `SettingsError` as `learntPart(of:)`.
    package func bytes(of model: any Module) throws -> Double {
        let state = ModuleState(model)
        let learnt = try learntPart(of: state)
        var tensors = state.tensors.map(\.tensor) + learnt.parameters.map(\.parameter.value)
        tensors += withShapesOnly {
            makeOptimizer(for: learnt).tensors.map(\.tensor)
                + (averageDecay > 0 ? WeightAverage(learnt, decay: averageDecay).tensors.map(\.tensor) : [])
        }
        return tensors.reduce(0) { $0 + Double($1.byteCount) }
    }
}
