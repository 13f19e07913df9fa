import Tensors

/// A part of a model: parameters, buffers and further modules as stored properties.
///
/// The tree of stored properties *is* the model: a parameter's key is its property path (`encoder.hidden.0.weight`),
/// and the tree is walked in declaration order, base to leaf, into the one list that optimisers, averages, clipping
/// and checkpoints share. Arrays, optionals, tuples, structs and enums are walked too. What the walk could not save
/// under a key of its own traps with its path: a bare `Tensor`, state in a dictionary or in an object that is not a
/// module, an object reached twice.
public protocol Module: AnyObject {}

/// A module that maps one tensor to another.
public protocol Layer: Module {
    /// The layer's output for `x`.
    func callAsFunction(_ x: Tensor) -> Tensor
}

/// A module that behaves otherwise in training than in use (dropout, batch normalisation).
public protocol ModeDependent: Module {
    /// Whether the module trains.
    var isTraining: Bool { get set }
}

/// A tensor that training changes.
public final class Parameter {
    /// The current value.
    ///
    /// Optimisers change its elements in place; replace it, before there is an optimiser, to change its shape.
    public var value: Tensor

    /// A parameter that starts at `value`.
    public init(_ value: Tensor) {
        self.value = value
    }
}

/// A tensor that belongs to a module's state but has no gradient (running statistics, a random position).
public final class Buffer {
    /// The current value.
    public var value: Tensor

    /// A buffer that starts at `value`.
    public init(_ value: Tensor) {
        self.value = value
    }
}
