import Probability
import Tensors
import Testing

/// Expects an invertible map to keep the laws that every one keeps.
///
/// - the log-determinant is that of the Jacobian that autograd finds;
/// - outcomes do not depend on their company, and further axes come first.
///
/// - Parameters:
///   - map: With float64 parameters, the same for all outcomes.
///   - x: Outcomes to try, `[count] + event` in float64, inside the domain of the map.
///   - tolerance: Of positions and of log-determinants.
///   - sourceLocation: Where failures are reported.
public func checkInvertibleMap(
    _ map: some InvertibleMap, at x: Tensor, tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    func expect(_ found: Tensor, _ expected: Tensor, _ comment: Comment) {
        expectClose(
            found, expected, relative: tolerance, absolute: tolerance, comment, sourceLocation: sourceLocation
        )
    }
    let forward = map.forward(x)
    expect(
        forward.logDeterminant, jacobianLogDeterminant(at: x) { map.forward($0).value },
        "the log-determinant forward against the Jacobian's")

    let alone = map.forward(x[.range(0..<1)])
    expect(alone.value, forward.value[.range(0..<1)], "an outcome alone")
    let stacked = map.forward(Tensor.stacked([x, x]))
    expect(stacked.value.selected(1, along: 0), forward.value, "outcomes with a further axis")
    expect(stacked.logDeterminant.selected(1, along: 0), forward.logDeterminant, "their log-determinants")
}

/// Expects a bijector to keep the laws that every one keeps.
///
/// - those of an invertible map, and the log-determinant of the inverse is that of its Jacobian too;
/// - the inverse leads back, from both sides, and the log-determinants of the two directions add up to zero.
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
    checkInvertibleMap(bijector, at: x, tolerance: tolerance, sourceLocation: sourceLocation)
    let forward = bijector.forward(x)
    let back = bijector.inverse(forward.value)
    expect(back.value, x, "the inverse of the image")
    expect(back.logDeterminant, -forward.logDeterminant, "log-determinants of both directions")
    let inverse = bijector.inverse(x)
    expect(bijector.forward(inverse.value).value, x, "the image of the inverse")
    expect(
        inverse.logDeterminant, jacobianLogDeterminant(at: x) { bijector.inverse($0).value },
        "the log-determinant of the inverse against the Jacobian's")
}

/// log |det ∂f/∂x| by autograd, as ½ log det J Jᵀ.
///
/// - Parameters:
///   - x: Outcomes, `[count] + event`.
///   - map: f, which takes each outcome by itself to one of the same shape.
/// - Returns: `[count]`.
public func jacobianLogDeterminant(at x: Tensor, of map: (Tensor) -> Tensor) -> Tensor {
    let rows = (0..<(x.count / x.size(along: 0))).map { place in
        gradient(at: x) { map($0).flattened(from: 1).selected(place, along: 1).sum() }.flattened(from: 1)
    }
    let jacobian = Tensor.stacked(rows, along: 1)
    return jacobian.matmul(jacobian.transposed()).logDeterminant() * 0.5
}
