import Tensors
import TestSupport
import Testing

@Suite("Closeness")
struct ClosenessTests {
    @Test("Equal tensors are close without a tolerance, whatever their types")
    func equal() {
        expectClose(Tensor([1.0, .infinity, -0.0]), Tensor([1, .infinity, 0] as [Float]))
        expectClose(Tensor([Double](), shape: [0, 3]), Tensor.zeros([0, 3]))
        expectClose([1.5, 2], [1.5, 2])
        expectClose(2, 2)
    }

    @Test("A difference within the tolerance passes, one beyond it fails", arguments: [0.9, 1.1])
    func tolerance(_ factor: Double) {
        let expected = Tensor([2.0, -100])
        for (relative, absolute) in [(1e-3, 0), (0, 0.1)] {
            let bound = Tensor([absolute + 2 * relative, absolute + 100 * relative])
            let actual = expected + bound * factor
            if factor < 1 {
                expectClose(actual, expected, relative: relative, absolute: absolute)
            } else {
                withKnownIssue { expectClose(actual, expected, relative: relative, absolute: absolute) }
            }
        }
    }

    @Test("A broadcastable shape is not the same shape")
    func shape() {
        withKnownIssue {
            expectClose(Tensor.ones([1, 3]), Tensor.ones([3]), relative: 1, absolute: 1)
        } matching: {
            $0.says("shape [1, 3], expected [3]")
        }
        withKnownIssue {
            expectClose([1, 2], [1], absolute: 9)
        } matching: {
            $0.says("2 elements, expected 1")
        }
    }

    @Test("The worst element is named with its place and values")
    func worst() {
        let expected = Tensor.zeros([2, 2, 3], dtype: .float64)
        let actual = expected.copy()
        actual[1, 0, 2].copy(from: Tensor(0.5))
        actual[0, 1, 1].copy(from: Tensor(-0.25))
        withKnownIssue {
            expectClose(actual, expected, absolute: 0.125, "halves")
        } matching: {
            $0.says("halves: element [1, 0, 2] is 0.5, expected 0.0: off by 0.5, allowed 0.125; ")
                && $0.says("; 2 of 12 are off")
        }
    }

    @Test("NaN and an infinity too many are never close", arguments: [Double.nan, .infinity])
    func notFinite(_ value: Double) {
        withKnownIssue { expectClose(value, 1, relative: .infinity, absolute: 1) }
        withKnownIssue { expectClose([1, value], [1, 1], absolute: 1e300) }
        withKnownIssue { expectClose(1, value, relative: 1, absolute: 1) }
        withKnownIssue { expectClose(-value, value, relative: 1, absolute: 1) }
    }

    @Test("A failure is reported at the caller's line")
    func line() {
        let here = #_sourceLocation
        withKnownIssue {
            expectClose(1, 2)
        } matching: {
            $0.sourceLocation?.fileID == here.fileID && $0.sourceLocation?.line == here.line + 2
        }
    }
}

extension Issue {
    /// Whether the text of the issue holds `part`.
    func says(_ part: String) -> Bool { comments.contains { $0.rawValue.contains(part) } }
}
