import Foundation

/// A sequence whose elements are made on another thread, a few before they are asked for.
///
/// Elements come in order. The thread ends with the sequence, also when its iterator is given up half-way.
struct ReadAhead<Element: Sendable>: Sequence {
    let count: Int
    let lead: Int
    let make: @Sendable (Int) throws -> Element

    func makeIterator() -> Iterator {
        Iterator(Queue(count: count, lead: lead, make: make))
    }

    /// Hands out elements; giving it up stops the thread.
    final class Iterator: IteratorProtocol {
        private let queue: Queue

        init(_ queue: Queue) {
            self.queue = queue
            let thread = Thread { queue.fill() }
            thread.name = "batches"
            thread.start()
        }

        deinit {
            queue.cancel()
        }

        func next() -> Result<Element, any Error>? { queue.next() }
    }

    /// The elements made and not yet asked for, guarded by one condition.
    final class Queue: @unchecked Sendable {
        private let condition = NSCondition()
        private var ready: [Result<Element, any Error>] = []
        private var isOver = false
        private let count: Int
        private let lead: Int
        private let make: @Sendable (Int) throws -> Element

        init(count: Int, lead: Int, make: @escaping @Sendable (Int) throws -> Element) {
            self.count = count
            self.lead = lead
            self.make = make
        }

        /// Makes all elements, waiting while enough are ready; runs on the thread.
        func fill() {
            for place in 0..<count {
                let element = Result { try make(place) }
                guard put(element) else { return }
                if case .failure = element { break }
            }
            cancel()
        }

        /// Waits for room; false when nobody asks any more.
        private func put(_ element: Result<Element, any Error>) -> Bool {
            condition.lock()
            defer { condition.unlock() }
            while ready.count >= lead && !isOver { condition.wait() }
            guard !isOver else { return false }
            ready.append(element)
            condition.broadcast()
            return true
        }

        /// No element will come after those that are ready.
        func cancel() {
            condition.lock()
            defer { condition.unlock() }
            isOver = true
            condition.broadcast()
        }

        /// The next element, when it is made; `nil` at the end.
        func next() -> Result<Element, any Error>? {
            condition.lock()
            defer { condition.unlock() }
            while ready.isEmpty && !isOver { condition.wait() }
            guard !ready.isEmpty else { return nil }
            condition.broadcast()
            return ready.removeFirst()
        }
    }
}
