import Tensors

/// A row of a table of functions.
struct NamedFunction: Sendable, CustomStringConvertible {
    let description: String
    let apply: @Sendable (Tensor) -> Tensor

    init(_ name: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) {
        description = name
        self.apply = apply
    }
}
