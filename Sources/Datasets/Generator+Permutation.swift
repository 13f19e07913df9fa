import Tensors

extension Generator {
    /// The numbers from 0 to before `count` in random order.
    ///
    /// Spelled out, because the standard library's shuffle may change with its version, and an order that a run
    /// or a split depends on may not. (Fisher and Yates; the bias, below count / 2⁶⁴, is nothing.)
    package mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(next().multipliedFullWidth(by: UInt64(last + 1)).high))
        }
        return order
    }
}
