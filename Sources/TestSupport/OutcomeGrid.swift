import Tensors

/// What the elements of an outcome can be, so that sums over a grid stand for sums and integrals over all outcomes.
public enum Support: Sendable {
    /// 0 and 1.
    case binary
    /// Real numbers from −extent to extent in steps.
    ///
    /// The trapezoidal rule is exact to rounding for a smooth density that has vanished at the ends, once the step is
    /// below half of the narrowest standard deviation.
    case real(extent: Double, step: Double)
}

/// Every outcome of a support, or a grid of them, with the volume that each stands for.
struct OutcomeGrid {
    /// `[n] + eventShape`, float64.
    let points: Tensor
    /// The volume around each point.
    let volume: Double

    init(_ support: Support, eventShape: [Int]) {
        let elements = eventShape.reduce(1, *)
        let axis: [Double]
        switch support {
        case .binary:
            axis = [0, 1]
            volume = 1
        case .real(let extent, let step):
            axis = (0...Int((2 * extent / step).rounded())).map { Double($0) * step - extent }
            volume = (0..<elements).reduce(1) { product, _ in product * step }
        }
        let count = (0..<elements).reduce(1) { product, _ in product * axis.count }
        var values: [Double] = []
        values.reserveCapacity(count * elements)
        for place in 0..<count {
            var rest = place
            for _ in 0..<elements {
                values.append(axis[rest % axis.count])
                rest /= axis.count
            }
        }
        points = Tensor(values, shape: [count] + eventShape)
    }
}
