import Probability
import Tensors
import Testing

/// Expects a bijector to keep the laws that every one keeps.
///
/// - the inverse leads back, from both sides, and the log-determinants of the two directions add up to zero;
/// - the log-determinant is that of the Jacobian that autograd finds, with J Jᵀ for its magnitude;
/// - outcomes do not depend on their company, and further axes come first.
///
/// - Parameters:
///   - bijector: With float64 weights.
///   - x: Outcomes to try, `[count] + event` in float64, inside the domain of the map.
///   - tolerance: Of positions and of log-determinants.
///   - sourceLocation: Where failures are reported.
public func checkBijector(
    _ bijector: some Bijector, at x: Tensor, tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    func expect(_ found: Tensor, _ expected: Tensor, _ comment: Comment) {
        expectClose(
            found, expected, relative: tolerance, absolute: tolerance, comment, sourceLocation: sourceLocation
        )
    }
    let count = x.size(along: 0)
    let forward = bijector.forward(x)
    let back = bijector.inverse(forward.value)
    expect(back.value, x, "the inverse of the image")
    expect(back.logDeterminant, -forward.logDeterminant, "log-determinants of both directions")
    let inverse = bijector.inverse(x)
    expect(bijector.forward(inverse.value).value, x, "the image of the inverse")

    for (map, name) in [(bijector.forward, "forward"), (bijector.inverse, "inverse")] {
        let rows = (0..<(x.count / count)).map { place in
            gradient(at: x) { map($0).value.flattened(from: 1).selected(place, along: 1).sum() }
                .flattened(from: 1)
        }
        let jacobian = Tensor.stacked(rows, along: 1)
        let expected = jacobian.matmul(jacobian.transposed()).logDeterminant() * 0.5
        expect(map(x).logDeterminant, expected, "the log-determinant \(name) against the Jacobian's")
    }

    let alone = bijector.forward(x[.range(0..<1)])
    expect(alone.value, forward.value[.range(0..<1)], "an outcome alone")
    let stacked = bijector.forward(Tensor.stacked([x, x]))
    expect(stacked.value.selected(1, along: 0), forward.value, "outcomes with a further axis")
    expect(stacked.logDeterminant.selected(1, along: 0), forward.logDeterminant, "their log-determinants")
}
