import Foundation
import Tensors
import TestSupport
import Testing

/// The allocator serves the whole process, so its counts are read in children that do nothing else.
@Suite("Caching allocator")
struct AllocatorTests {
    @Test("Elements begin at multiples of 64 bytes, whatever the size")
    func alignment() {
        for count in [1, 3, 64, 65, 255, 256, 257, 4095, 70_000, 524_287, 524_288, 1_000_001] {
            Tensor.zeros([count], dtype: .uint8).withBytes { bytes in
                #expect(UInt(bitPattern: bytes.baseAddress) % 64 == 0)
            }
            Tensor.zeros([count]).withBytes { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
        }
    }

    @Test("What is freed is reused: memory held stands still over repeated steps, and none stays in use")
    func reuse() async {
        await #expect(processExitsWith: .success) {
            func step() {
                var generator = Generator(seed: 1)
                let x = generator.normal([64, 3000])
                _ = gradient(at: x) { ($0 * 2).exp().logOnePlus().sum() }
            }
            for _ in 0..<3 { step() }
            let before = Engine.memory
            for _ in 0..<50 { step() }
            let after = Engine.memory
            #expect(after.held == before.held)
            #expect(after.inUse == before.inUse)
            #expect(after.held > 64 * 3000 * 4)
        }
    }

    @Test("Counts follow a tensor's life, a quarter above its size at most")
    func counts() async {
        await #expect(processExitsWith: .success) {
            _ = Tensor.zeros([1])
            for count in [1000, 1_000_000, 3_000_001] {
                let before = Engine.memory.inUse
                var x: Tensor? = Tensor.zeros([count])
                let taken = Engine.memory.inUse - before
                #expect(taken >= 4 * count && Double(taken) <= 1.25 * Double(4 * count + 64))
                #expect(x?.count == count)
                x = nil
                #expect(Engine.memory.inUse == before)
                #expect(Engine.memory.held >= before + taken)
            }
        }
    }

    @Test("A tensor freed on another thread is reused here")
    func otherThread() async {
        await #expect(processExitsWith: .success) {
            func pass() {
                let x = Tensor.ones([300_000])
                DispatchQueue.global().sync { [x] in #expect(x.sum().scalar() == 300_000) }
                let done = DispatchSemaphore(value: 0)
                DispatchQueue.global().async { [x] in
                    _ = x.shape
                    done.signal()
                }
                done.wait()
            }
            for _ in 0..<5 { pass() }
            let held = Engine.memory.held
            for _ in 0..<100 { pass() }
            // The last closure may still hold its tensor when the next is made: two at a time, never a hundred.
            #expect(Engine.memory.held <= held + 2_000_000)
        }
    }

    @Test("Threads that allocate, write, hand over and free at once never share a buffer")
    func stress() async {
        await #expect(processExitsWith: .success) {
            let sizes = [1, 60, 61, 1000, 5000, 40_000, 600_000]
            let shared = Mailbox()
            DispatchQueue.concurrentPerform(iterations: 8) { worker in
                var mine: [(Tensor, Double)] = []
                for round in 0..<300 {
                    let mark = Double(worker * 1000 + round)
                    mine.append(
                        (Tensor(repeating: mark, shape: [sizes[(worker + round) % sizes.count]]), mark))
                    if round % 3 == 0, let (other, expected) = shared.exchange(mine.removeFirst()) {
                        #expect((other .== expected).allTrue())
                    }
                    if mine.count > 6 {
                        let (tensor, expected) = mine.removeFirst()
                        #expect((tensor .== expected).allTrue())
                    }
                }
                for (tensor, expected) in mine { #expect((tensor .== expected).allTrue()) }
            }
        }
    }

    @Test("Idle memory beyond a gibibyte goes back to the system when a new buffer is made")
    func givingBack() async {
        await #expect(processExitsWith: .success) {
            do {
                let large = (0..<17).map { _ in Tensor.zeros([1 << 26], dtype: .uint8) }
                #expect(large.count == 17)
            }
            #expect(Engine.memory.held > 1 << 30)
            let small = Tensor.zeros([1 << 24], dtype: .uint8)
            #expect(Engine.memory.held < 1 << 26 && small.count == 1 << 24)
        }
    }
}

/// Hands tensors from thread to thread: each caller leaves one and takes the one left before.
private final class Mailbox: @unchecked Sendable {
    private let lock = NSLock()
    private var content: (Tensor, Double)?

    func exchange(_ item: (Tensor, Double)) -> (Tensor, Double)? {
        lock.withLock {
            defer { content = item }
            return content
        }
    }
}
