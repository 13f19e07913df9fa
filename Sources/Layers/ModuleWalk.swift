import Tensors

/// One walk of a module's stored properties, in the order of declaration, inherited ones first.
struct ModuleWalk {
    private(set) var parameters: [(key: String, parameter: Parameter)] = []
    private(set) var buffers: [(key: String, buffer: Buffer)] = []
    private(set) var modeDependents: [(key: String, module: any ModeDependent)] = []
    private var seen: [ObjectIdentifier: String] = [:]
    private var keys: Set<String> = []

    mutating func visit(_ value: Any, path: String) {
        switch value {
        case let parameter as Parameter:
            claim(parameter, path, asState: true)
            parameters.append((path, parameter))
        case let buffer as Buffer:
            claim(buffer, path, asState: true)
            buffers.append((path, buffer))
        case let module as any Module:
            claim(module, path, asState: false)
            if let module = module as? any ModeDependent { modeDependents.append((path, module)) }
            visitProperties(of: module, path: path)
        case is Tensor:
            fatalError("the tensor at '\(path)' would not be saved: make it a Parameter or a Buffer")
        default:
            visitParts(of: value, path: path)
        }
    }

    private mutating func visitProperties(of module: any Module, path: String) {
        if let chain = module as? Sequential { return visit(chain.layers, path: path) }
        var levels: [Mirror] = []
        var level: Mirror? = Mirror(reflecting: module)
        while let mirror = level {
            levels.append(mirror)
            level = mirror.superclassMirror
        }
        for mirror in levels.reversed() {
            for (label, child) in mirror.children { visit(child, path: Self.joined(path, label ?? "_")) }
        }
    }

    /// Places in arrays and labels of structs join the path; an optional is what it holds.
    private mutating func visitParts(of value: Any, path: String) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            if let some = mirror.children.first { visit(some.value, path: path) }
        case .collection:
            for (place, child) in mirror.children.enumerated() {
                visit(child.value, path: Self.joined(path, "\(place)"))
            }
        case .tuple, .struct, .enum:
            for (place, child) in mirror.children.enumerated() {
                visit(child.value, path: Self.joined(path, child.label ?? "\(place)"))
            }
        case .dictionary, .set:
            // Their order changes from run to run: harmless for numbers and names, not for parameters.
            refuseState(in: mirror, path: path, holder: "a collection without order")
        case .class:
            refuseState(in: mirror, path: path, holder: "an object that is not a Module")
        default: break
        }
    }

    /// Traps when a place that the walk cannot name holds state.
    private func refuseState(in mirror: Mirror, path: String, holder: String) {
        var parts = mirror.children.map(\.value)
        while let part = parts.popLast() {
            require(
                !(part is Parameter || part is Buffer || part is Tensor || part is any Module),
                "'\(path)' is \(holder), so what it holds would not be saved: hold it in a Module or an array"
            )
            let inner = Mirror(reflecting: part)
            if inner.displayStyle != .class { parts += inner.children.map(\.value) }
        }
    }

    private mutating func claim(_ object: AnyObject, _ path: String, asState isState: Bool) {
        if let earlier = seen.updateValue(path, forKey: ObjectIdentifier(object)) {
            fatalError("'\(path)' and '\(earlier)' are the same object: each has one key")
        }
        if isState, !keys.insert(path).inserted {
            fatalError("two parameters have the key '\(path)': rename a property")
        }
    }

    private static func joined(_ path: String, _ label: String) -> String {
        path.isEmpty ? label : path + "." + label
    }
}
