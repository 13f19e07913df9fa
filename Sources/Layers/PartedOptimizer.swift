import Tensors

/// Optimisers of parts of a model as one, each with a learning rate of its own.
public final class PartedOptimizer: Optimizer {
    /// Some of a model's parameters, and how they learn.
    public struct Part {
        let name: String
        let places: [Int]
        let optimizer: any Optimizer
        let rateFactor: Double
    }

    private let parts: [Part]

    /// Two optimisers: of the parameters below one stored property of a model, and of all others.
    ///
    /// - Parameters:
    ///   - model: All that learns.
    ///   - name: The property.
    ///   - rateFactor: The learning rate of the part, in those of the others.
    ///   - make: Makes an optimiser of some of the parameters.
    /// - Precondition: Both have parameters.
    public init(
        _ model: ModuleState, part name: String, rateFactor: Double, make: (ModuleState) -> any Optimizer
    ) {
        let others = model.excluding([name])
        let own = model.keeping([name])
        require(
            !own.parameters.isEmpty && !others.parameters.isEmpty,
            "'\(name)' is no part of several that learn")
        let keys = model.parameters.map(\.key)
        func part(_ label: String, _ state: ModuleState, _ factor: Double) -> Part {
            let chosen = Set(state.parameters.map(\.key))
            return Part(
                name: label, places: keys.indices.filter { chosen.contains(keys[$0]) },
                optimizer: make(state),
                rateFactor: factor)
        }
        parts = [part(name, own, rateFactor), part("others", others, 1)]
    }

    /// What each of them remembers, below the name of its part.
    public var tensors: [(key: String, tensor: Tensor)] {
        parts.flatMap { part in
            part.optimizer.tensors.map { ("\(part.name)/\($0.key)", $0.tensor) }
        }
    }

    /// Puts back what `tensors` held.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) {
        // All together, so that no part changes unless all fit; then each, as it also keeps count of its steps.
        try write(tensors, into: self.tensors, strictly: true)
        for part in parts {
            var own: [String: Tensor] = [:]
            let prefix = part.name + "/"
            for (key, tensor) in tensors where key.hasPrefix(prefix) {
                own[String(key.dropFirst(prefix.count))] = tensor
            }
            try part.optimizer.load(own)
        }
    }

    /// One step of each.
    public func step(gradients: [Tensor], learningRate: Double) {
        for part in parts {
            part.optimizer.step(
                gradients: part.places.map { gradients[$0] }, learningRate: learningRate * part.rateFactor)
        }
    }
}
