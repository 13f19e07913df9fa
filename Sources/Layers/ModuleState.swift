import Tensors

/// The parameters and buffers of a module by key, in the order of declaration: one walk of the tree.
///
/// Build it once, after the model; it holds the same objects, so later changes of values are seen.
public struct ModuleState {
    /// The trained tensors, keyed by property path.
    public let parameters: [(key: String, parameter: Parameter)]
    /// The tensors without gradient, keyed by property path.
    public let buffers: [(key: String, buffer: Buffer)]
    private let modeDependents: [(key: String, module: any ModeDependent)]

    /// Walks the tree below `module`.
    ///
    /// - Precondition: No stored property holds a bare `Tensor`, no object is reached twice, and no object that is
    ///   not a module holds a parameter.
    public init(_ module: any Module) {
        var walk = ModuleWalk()
        walk.visit(module, path: "")
        parameters = walk.parameters
        buffers = walk.buffers
        modeDependents = walk.modeDependents
    }

    private init(
        _ parameters: [(key: String, parameter: Parameter)], _ buffers: [(key: String, buffer: Buffer)],
        _ modeDependents: [(key: String, module: any ModeDependent)]
    ) {
        (self.parameters, self.buffers, self.modeDependents) = (parameters, buffers, modeDependents)
    }

    /// The state without some parts, which are stored properties of the module.
    public func excluding(_ parts: [String]) -> ModuleState {
        filtered { key in !parts.contains { key == $0 || key.hasPrefix($0 + ".") } }
    }

    /// Some parts alone.
    public func keeping(_ parts: [String]) -> ModuleState {
        filtered { key in parts.contains { key == $0 || key.hasPrefix($0 + ".") } }
    }

    private func filtered(_ isKept: (String) -> Bool) -> ModuleState {
        ModuleState(
            parameters.filter { isKept($0.key) }, buffers.filter { isKept($0.key) },
            modeDependents.filter { isKept($0.key) })
    }

    /// Every tensor of the state by key: what a checkpoint saves.
    public var tensors: [(key: String, tensor: Tensor)] {
        parameters.map { ($0.key, $0.parameter.value) } + buffers.map { ($0.key, $0.buffer.value) }
    }

    /// The key of the first tensor that holds a value which is not finite; `nil` where there is none.
    public func firstNotFinite() -> String? {
        tensors.first { $0.tensor.dtype.isFloatingPoint && !$0.tensor.isFinite().allTrue() }?.key
    }

    /// The number of trained numbers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }

    /// Puts every module of the tree into training, or out of it.
    public func setTraining(_ isTraining: Bool) {
        for (_, module) in modeDependents { module.isTraining = isTraining }
    }

    /// Overwrites the state's elements with those of `tensors`, in place.
    ///
    /// - Parameters:
    ///   - tensors: By key, as `tensors` gives them.
    ///   - strictly: Whether every key must be on both sides; otherwise only those on both are read. Shapes and
    ///     types must agree in any case.
    /// - Throws: `LayersError.mismatch`, naming every key that does not fit; nothing has changed then.
    public func load(_ tensors: [String: Tensor], strictly: Bool = true) throws(LayersError) {
        try write(tensors, into: self.tensors, strictly: strictly)
    }

    /// The value of `loss` and the gradient of each parameter, in the order of `parameters`.
    ///
    /// Only inside this call do operations on the parameters record a history.
    ///
    /// - Parameter loss: Returns a scalar.
    /// - Returns: The value without history, and gradients shaped like the parameters (zeros where unused).
    public func valueWithGradients(of loss: () throws -> Tensor) rethrows -> (
        value: Tensor, gradients: [Tensor]
    ) {
        let leaves = parameters.map(\.parameter.value)
        for leaf in leaves { leaf.setRequiresGradient(true) }
        defer { for leaf in leaves { leaf.setRequiresGradient(false) } }
        let value = try recordingGradients { try loss() }
        return (value.withoutGradient(), value.gradients(with: leaves))
    }
}
