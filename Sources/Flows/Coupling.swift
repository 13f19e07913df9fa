import Layers
import Probability
import Tensors

/// A layer that changes one half of an outcome by what the other half says, and keeps that.
protocol Coupling: Module, Bijector {
    /// Which half is kept.
    var halves: Halves { get }
    /// The half that changes, forward.
    func forward(_ changed: Tensor, given kept: Tensor) -> Transformed
    /// The half that changes, back.
    func inverse(_ changed: Tensor, given kept: Tensor) -> Transformed
}

extension Coupling {
    /// A whole outcome whose half goes through a map.
    func onHalves(of x: Tensor, _ map: (_ changed: Tensor, _ kept: Tensor) -> Transformed) -> Transformed {
        var parts = halves.split(x)
        let moved = map(parts[halves.changed], parts[halves.kept])
        parts[halves.changed] = moved.value
        return Transformed(halves.joined(parts), logDeterminant: moved.logDeterminant)
    }
}
