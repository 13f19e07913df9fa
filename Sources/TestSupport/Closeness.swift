import Tensors
import Testing

/// Expects two tensors to agree in shape and, element by element, in value.
///
///     |actual − expected| ≤ absolute + relative · |expected|
///
/// Without a tolerance they must be equal. Types may differ: both are compared as float64. Equal infinities are
/// close; NaN is close to nothing, not even NaN. On failure the worst element is reported, with its place.
public func expectClose(
    _ actual: Tensor, _ expected: Tensor, relative: Double = 0, absolute: Double = 0,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.shape == expected.shape else {
        return report("shape \(actual.shape), expected \(expected.shape)", comment(), sourceLocation)
    }
    let found = misfits(actual.array(), expected.array(), relative: relative, absolute: absolute)
    guard let worst = found.worst else { return }
    let place = coordinates(of: worst.index, in: actual.shape)
    report("element \(place) " + worst.text + found.tally(of: actual.count), comment(), sourceLocation)
}

/// Expects two lists of numbers to agree in length and, one by one, in value, as tensors do.
public func expectClose(
    _ actual: [Double], _ expected: [Double], relative: Double = 0, absolute: Double = 0,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        return report("\(actual.count) elements, expected \(expected.count)", comment(), sourceLocation)
    }
    let found = misfits(actual, expected, relative: relative, absolute: absolute)
    guard let worst = found.worst else { return }
    report("element \(worst.index) " + worst.text + found.tally(of: actual.count), comment(), sourceLocation)
}

/// Expects two numbers to agree, as elements of tensors do.
public func expectClose(
    _ actual: Double, _ expected: Double, relative: Double = 0, absolute: Double = 0,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    let found = misfits([actual], [expected], relative: relative, absolute: absolute)
    if let worst = found.worst { report("value " + worst.text, comment(), sourceLocation) }
}

private struct Misfits {
    struct Worst {
        let index: Int
        let excess: Double
        let text: String
    }

    var worst: Worst?
    var count = 0

    func tally(of total: Int) -> String { "; \(count) of \(total) are off" }
}

private func misfits(
    _ actual: [Double], _ expected: [Double], relative: Double, absolute: Double
) -> Misfits {
    var found = Misfits()
    for (index, (a, e)) in zip(actual, expected).enumerated() where a != e {
        let difference = abs(a - e)
        let allowed = absolute + relative * abs(e)
        // A difference that is NaN or infinite is never allowed, however wide the tolerance came out.
        if difference.isFinite && difference <= allowed { continue }
        let excess = difference.isFinite ? difference - allowed : .infinity
        found.count += 1
        if found.worst.map({ excess > $0.excess }) ?? true {
            found.worst = .init(
                index: index, excess: excess,
                text: "is \(a), expected \(e): off by \(difference), allowed \(allowed)")
        }
    }
    return found
}

private func coordinates(of index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    let reversed = shape.reversed().map { size in
        defer { rest /= size }
        return rest % size
    }
    return reversed.reversed()
}

func report(_ text: String, _ comment: Comment?, _ sourceLocation: SourceLocation) {
    Issue.record("\(comment.map { "\($0): " } ?? "")\(text)", sourceLocation: sourceLocation)
}
