import Tensors
import Testing

@Suite("Description")
struct DescriptionTests {
    @Test("Type, shape and elements are shown, long axes by their ends")
    func snapshots() {
        #expect("\(Tensor(1.5))" == "float32[] 1.5")
        #expect("\(Tensor([1, -2, 3]))" == "int64[3] [1, -2, 3]")
        #expect("\(Tensor([true, false]))" == "bool[2] [true, false]")
        #expect("\(Tensor([0.5, .infinity, .nan]))" == "float64[3] [0.5, inf, nan]")
        #expect("\(Tensor.zeros([0, 3], dtype: .uint8))" == "uint8[0, 3] []")
        #expect("\(Tensor.range(to: 100, dtype: .int64))" == "int64[100] [0, 1, 2, …, 97, 98, 99]")
        let matrix = Tensor([1.0, 2, 3, 4], shape: [2, 2])
        #expect("\(matrix)" == "float64[2, 2] [[1, 2],\n               [3, 4]]")
    }

    @Test("Integers beyond the digits of float64 are shown whole")
    func largeIntegers() {
        #expect("\(Tensor([Int.max, Int.min]))" == "int64[2] [9223372036854775807, -9223372036854775808]")
    }
}
