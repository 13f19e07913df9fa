import Tensors

/// A rule that moves a model's parameters against their gradients.
///
/// Its settings are a struct of their own, set once and stored with a run's configuration; what it remembers from
/// step to step is `tensors`, which a checkpoint keeps.
public protocol Optimizer: AnyObject {
    /// What the rule remembers, by key: `encoder.0.weight/first` is what belongs to a parameter.
    ///
    /// The tensors are the optimiser's own, and change with the next step.
    var tensors: [(key: String, tensor: Tensor)] { get }

    /// Puts back what `tensors` held: the steps that follow are the same, bit for bit.
    ///
    /// - Throws: `LayersError.mismatch` when the tensors belong to another model or rule; nothing has changed then.
    func load(_ tensors: [String: Tensor]) throws(LayersError)

    /// Moves the parameters once, in place.
    ///
    /// - Parameters:
    ///   - gradients: In the order of the model's parameters.
    ///   - learningRate: How far; a schedule may change it from step to step.
    func step(gradients: [Tensor], learningRate: Double)
}

/// The number of steps taken and lists of tensors shaped like the parameters: what every rule remembers.
struct OptimizerState {
    let parameters: [(key: String, parameter: Parameter)]
    /// How many steps have been taken.
    private(set) var stepCount = 0
    private let slots: [(name: String, tensors: [Tensor])]

    /// Zeros for each of the names.
    init(_ state: ModuleState, slots names: [String]) {
        parameters = state.parameters
        slots = names.map { name in
            (name, state.parameters.map { Tensor(zerosLike: $0.parameter.value) })
        }
    }

    /// The tensors of a slot, in the order of the parameters.
    subscript(slot: Int) -> [Tensor] { slots[slot].tensors }

    /// The parameters' values, which a step changes.
    var values: [Tensor] { parameters.map(\.parameter.value) }

    /// Begins a step with `gradients`, whose number must be that of the parameters.
    mutating func advance(_ gradients: [Tensor]) {
        require(
            gradients.count == parameters.count,
            "a step takes one gradient for each of \(parameters.count) parameters, not \(gradients.count)")
        stepCount += 1
    }

    /// The state by key.
    var tensors: [(key: String, tensor: Tensor)] {
        [("step", Tensor([stepCount], shape: []))]
            + slots.flatMap { slot in
                zip(parameters, slot.tensors).map { ("\($0.key)/\(slot.name)", $1) }
            }
    }

    /// Takes over a state of the same keys.
    mutating func load(_ tensors: [String: Tensor]) throws(LayersError) {
        let count = try savedCount("step", in: tensors)
        try write(tensors, into: self.tensors, strictly: true)
        stepCount = count ?? 0
    }
}
