import Tensors

extension Tensor {
    /// Draws of the places along an axis, each by its weight, for log-weights up to a constant.
    ///
    /// Gumbel's trick: the place of the largest of log π − log(−log u) is distributed as π.
    ///
    /// Shapes: `self` `[...]` → `leading + [...]` without the axis, which counts from the end.
    func drawnPlaces(along axis: Int, _ leading: [Int] = [], using generator: inout Generator) -> Tensor {
        let uniform = generator.uniform(leading + shape, dtype: dtype)
        return (withoutGradient() - (-uniform.log()).log()).argmax(along: axis)
    }
}
