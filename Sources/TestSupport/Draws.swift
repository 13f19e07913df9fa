import Tensors
import Testing

/// Expects the mean of independent draws to be `expected`, element by element, within standard errors.
///
///     |mean − expected| ≤ k · s / √n
///
/// s is the draws' own standard deviation. With a fixed seed the outcome is fixed; a correct sampler fails at k = 5
/// for one element in two million.
///
/// - Parameters:
///   - draws: `[n, ...]`; the first axis numbers the draws.
///   - expected: `[...]`.
///   - standardErrors: k.
///   - comment: Said before a failure.
///   - sourceLocation: Where a failure is reported.
public func expectMean(
    ofDraws draws: Tensor, is expected: Tensor, within standardErrors: Double = 5,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    let values = draws.converted(to: .float64)
    let errors = (values.variance(along: 0) / Double(draws.size(along: 0))).squareRoot()
    let prefix = comment().map { "\($0), " } ?? ""
    guard errors.shape == expected.shape else {
        return report("\(prefix)shape \(errors.shape), expected \(expected.shape)", nil, sourceLocation)
    }
    // Draws that are all the same have no error; then only rounding may lie between.
    expectClose(
        (values.mean(along: 0) - expected) / (errors + 1e-12), Tensor(zerosLike: errors),
        absolute: standardErrors, "\(prefix)mean of draws in standard errors", sourceLocation: sourceLocation)
}
