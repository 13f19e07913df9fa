import Tensors
import TestSupport
import Testing

@Suite("Leak checks")
struct LeakTests {
    private final class Box {
        var tensors: [Tensor] = []
    }

    @Test("Code that frees its tensors passes, and so does a value kept from the first run")
    func clean() {
        var kept: Tensor?
        expectNoLeaks {
            let x = Tensor.ones([2])
            kept = kept ?? x.copy()
            _ = gradient(at: x) { $0.squared().sum() }
        }
        #expect(kept?.shape == [2])
    }

    @Test("A tensor that outlives its code is reported")
    func leak() {
        let box = Box()
        withKnownIssue {
            expectNoLeaks { box.tensors.append(Tensor.ones([2])) }
        } matching: {
            $0.says("1 tensors outlive")
        }
    }

    @Test("Tensors that other threads make meanwhile do not count")
    func threads() async {
        let others = Task.detached { (0..<2000).map { Tensor(Double($0)) } }
        for _ in 0..<200 { expectNoLeaks { _ = Tensor.ones([2]) + 1 } }
        #expect(await others.value.count == 2000)
    }
}
