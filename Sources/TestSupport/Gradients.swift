import Foundation
import Tensors
import Testing

/// Expects the gradients that autograd finds to equal central differences, in float64.
///
/// The differences are of fourth order, (8 (f₊₁ − f₋₁) − (f₊₂ − f₋₂)) / 12 h: with the default step they are good
/// to about 1e-11 of a smooth function of size one. A result of many elements is made a scalar by fixed unequal
/// weights, so that gradients at the wrong places do not cancel.
///
/// - Parameters:
///   - inputs: Where to differentiate; converted to float64. Stay further than two steps from any kink.
///   - step: h.
///   - relative: The tolerance that grows with the gradient.
///   - absolute: The tolerance that does not.
///   - comment: Said before a failure.
///   - sourceLocation: Where a failure is reported.
///   - f: Takes tensors of the shapes of `inputs`.
public func expectGradientsMatch(
    at inputs: [Tensor], step: Double = 1e-3, relative: Double = 1e-7, absolute: Double = 1e-8,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    of f: ([Tensor]) -> Tensor
) {
    let inputs = inputs.map { $0.converted(to: .float64) }
    let found = valueWithGradients(at: inputs) { weighted(f($0)) }.gradients
    for (index, input) in inputs.enumerated() {
        let start: [Double] = input.array()
        let differences = start.indices.map { place in
            func value(_ steps: Double) -> Double {
                var moved = start
                moved[place] += steps * step
                var arguments = inputs
                arguments[index] = Tensor(moved, shape: input.shape)
                return withoutGradients { weighted(f(arguments)).scalar() }
            }
            return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * step)
        }
        let prefix = comment().map { "\($0), " } ?? ""
        expectClose(
            found[index], Tensor(differences, shape: input.shape), relative: relative, absolute: absolute,
            "\(prefix)gradient of input \(index) against central differences", sourceLocation: sourceLocation)
    }
}

/// The same for a function of one tensor.
public func expectGradientMatches(
    at input: Tensor, step: Double = 1e-3, relative: Double = 1e-7, absolute: Double = 1e-8,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    of f: (Tensor) -> Tensor
) {
    expectGradientsMatch(
        at: [input], step: step, relative: relative, absolute: absolute, comment(),
        sourceLocation: sourceLocation
    ) { f($0[0]) }
}

private func weighted(_ value: Tensor) -> Tensor {
    guard value.rank > 0 else { return value }
    let weights = (0..<value.count).map { 1 + 0.5 * cos(Double($0)) }
    return (value * Tensor(weights, shape: value.shape)).sum()
}
