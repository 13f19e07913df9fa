import Tensors

/// What the elements of an outcome can be, so that sums over a grid stand for sums and integrals over all outcomes.
public enum Support: Sendable {
    /// 0 and 1.
    case binary
    /// The multiples of 1 / (count − 1) from 0 to 1: grey levels as a model sees them.
    case levels(Int)
    /// Real numbers from 0 to 1, by the midpoint rule: good to 1e-9 for a smooth density with so many points.
    case unit(points: Int)
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
        case .levels(let count):
            axis = (0..<count).map { Double($0) / Double(count - 1) }
            volume = 1
        case .unit(let points):
            axis = (0..<points).map { (Double($0) + 0.5) / Double(points) }
            volume = (0..<elements).reduce(1) { product, _ in product / Double(points) }
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
