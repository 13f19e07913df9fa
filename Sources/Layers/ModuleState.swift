import Tensors

/// The parameters and buffers of a module by key, in the order of declaration: one walk of the tree.
///
/// Build it once, after the model; it holds the same objects, so later changes of values are seen.
public struct ModuleState {
    /// The trained tensors, keyed by property path.
    public let parameters: [(key: String, parameter: Parameter)]
    /// The tensors without gradient, keyed by property path.
    public let buffers: [(key: String, buffer: Buffer)]
    private let modeDependents: [any ModeDependent]

    /// Walks the tree below `module`.
    ///
    /// - Precondition: No stored property holds a bare `Tensor`, and no parameter is reached twice.
    public init(_ module: any Module) {
        var walk = Walk()
        walk.visit(module, path: "")
        parameters = walk.parameters
        buffers = walk.buffers
        modeDependents = walk.modeDependents
    }

    /// Every tensor of the state by key: what a checkpoint saves.
    public var tensors: [(key: String, tensor: Tensor)] {
        parameters.map { ($0.key, $0.parameter.value) } + buffers.map { ($0.key, $0.buffer.value) }
    }

    /// The number of trained numbers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }

    /// Puts every module of the tree into training, or out of it.
    public func setTraining(_ isTraining: Bool) {
        for module in modeDependents { module.isTraining = isTraining }
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

/// One walk of a module's stored properties.
private struct Walk {
    var parameters: [(key: String, parameter: Parameter)] = []
    var buffers: [(key: String, buffer: Buffer)] = []
    var modeDependents: [any ModeDependent] = []
    private var seen: [ObjectIdentifier: String] = [:]

    mutating func visit(_ value: Any, path: String) {
        switch value {
        case let parameter as Parameter:
            claim(parameter, path)
            parameters.append((path, parameter))
        case let buffer as Buffer:
            claim(buffer, path)
            buffers.append((path, buffer))
        case let module as any Module:
            claim(module, path)
            if let module = module as? any ModeDependent { modeDependents.append(module) }
            visitChildren(of: module, path: path)
        case is Tensor:
            preconditionFailure("the tensor at '\(path)' would not be saved: make it a Parameter or a Buffer")
        default:
            visitCollection(value, path: path)
        }
    }

    private mutating func visitChildren(of module: any Module, path: String) {
        for child in Mirror(reflecting: module).children {
            guard let label = child.label else { continue }
            visit(child.value, path: path.isEmpty ? label : path + "." + label)
        }
    }

    /// Arrays contribute their places to the key, optionals nothing; other values hold no parameters.
    private mutating func visitCollection(_ value: Any, path: String) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            if let some = mirror.children.first { visit(some.value, path: path) }
        case .collection, .tuple, .struct, .dictionary, .set, .enum:
            for (place, child) in mirror.children.enumerated() {
                visit(
                    child.value,
                    path: path + "."
                        + (mirror.displayStyle == .collection ? "\(place)" : child.label ?? "\(place)"))
            }
        default: break
        }
    }

    private mutating func claim(_ object: AnyObject, _ path: String) {
        if let earlier = seen.updateValue(path, forKey: ObjectIdentifier(object)) {
            preconditionFailure("'\(path)' and '\(earlier)' are the same object: each parameter has one key")
        }
    }
}
