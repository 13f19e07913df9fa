import Tensors
import TestSupport
import Testing

@Suite("Creation and copies")
struct CreationTests {
    @Test("Makers fill shapes as they say, in every type", arguments: DType.allCases)
    func makers(_ dtype: DType) {
        for tensor in [
            Tensor.zeros([2, 3], dtype: dtype), Tensor.ones([2, 3], dtype: dtype),
            Tensor(repeating: 1, shape: [2, 3], dtype: dtype),
        ] {
            #expect(tensor.dtype == dtype && tensor.shape == [2, 3] && tensor.count == 6 && tensor.rank == 2)
            #expect(tensor.device == .cpu)
        }
        #expect(Tensor.zeros([3], dtype: dtype).array(of: Double.self) == [0, 0, 0])
        #expect(Tensor.ones([3], dtype: dtype).array(of: Double.self) == [1, 1, 1])
        let like = Tensor(zerosLike: Tensor.ones([4], dtype: dtype))
        #expect(like.dtype == dtype && like.array(of: Int.self) == [0, 0, 0, 0])
        #expect(Tensor(1, dtype: dtype).shape == [] && Tensor(1, dtype: dtype).scalar() == 1)
        #expect(Tensor.identity(2, dtype: dtype).array(of: Int.self) == [1, 0, 0, 1])
    }

    @Test("Ranges leave out their end, linear spaces include it")
    func ranges() {
        #expect(Tensor.range(from: 1, to: 2, by: 0.25).array() == [1, 1.25, 1.5, 1.75] as [Float])
        #expect(Tensor.range(to: 3, dtype: .int64).array() == [0, 1, 2])
        expectClose(
            Tensor.linearSpace(from: -1, to: 1, count: 5, dtype: .float64), Tensor([-1, -0.5, 0, 0.5, 1]))
    }

    @Test("Arrays come back as they went, bit for bit")
    func roundTrips() {
        #expect(
            Tensor([Float.leastNonzeroMagnitude, -0.0, .infinity]).array()
                == [Float.leastNonzeroMagnitude, -0.0, .infinity])
        #expect(
            Tensor([Double.pi, -Double.greatestFiniteMagnitude]).array()
                == [Double.pi, -Double.greatestFiniteMagnitude])
        #expect(Tensor([UInt8(0), 255, 7]).array() == [UInt8(0), 255, 7])
        #expect(Tensor([Int.min, Int.max]).array() == [Int.min, Int.max])
        #expect(Tensor([true, false]).array() == [true, false])
        #expect(Tensor([1.0, 2, 3, 4, 5, 6], shape: [3, 2]).shape == [3, 2])
        #expect(Tensor([1, 2, 3, 4], shape: [2, 2]).transposed().array() == [1, 3, 2, 4])
    }

    @Test("Conversion rounds to the nearest, and truncates towards zero for integers")
    func conversion() {
        let x = Tensor([1.0 / 3, 2.75, -2.75, 300.5])
        expectClose(x.converted(to: .float32), x, relative: 0x1p-24)
        expectClose(x.converted(to: .bfloat16), x, relative: 0x1p-8)
        #expect(x.converted(to: .int64).array() == [0, 2, -2, 300])
        #expect(Tensor([0, 0.1, -3]).converted(to: .bool).array() == [false, true, true])
        #expect(Tensor([0.0, 254.9]).converted(to: .uint8).array() == [UInt8(0), 254])
        #expect(Tensor([1.0, 1 + 0x1p-9]).converted(to: .bfloat16).array(of: Float.self) == [1, 1])
        #expect(x.array(of: Float.self) == [1.0 / 3, 2.75, -2.75, 300.5])
    }

    @Test("Types state their width and kind", arguments: DType.allCases)
    func types(_ dtype: DType) {
        Tensor.ones([3], dtype: dtype).withBytes { #expect($0.count == 3 * dtype.byteWidth) }
        #expect(dtype.isFloatingPoint == [.float32, .float64, .bfloat16].contains(dtype))
    }

    @Test("Bytes are row-major whatever the layout, and come back through init(bytes:)")
    func bytes() {
        let x = Tensor([Float(1), 2, 3, 4, 5, 6], shape: [2, 3]).transposed()
        x.withBytes { bytes in
            #expect(Array(bytes.bindMemory(to: Float.self)) == [1, 4, 2, 5, 3, 6])
            expectClose(Tensor(bytes: bytes, shape: [3, 2], dtype: .float32), x)
        }
    }

    @Test("Empty tensors go through creation, copies and arithmetic")
    func empty() {
        let nothing = Tensor([Float](), shape: [0, 4])
        #expect(nothing.count == 0 && nothing.array(of: Float.self) == [])
        #expect((nothing * 2 + Tensor.ones([4])).shape == [0, 4])
        #expect(nothing.converted(to: .int64).transposed().shape == [4, 0])
        nothing.withBytes { #expect($0.isEmpty) }
        #expect(gradient(at: nothing) { $0.sum() }.shape == [0, 4])
    }

    @Test("A copy has elements of its own; copy(from:) broadcasts and converts in place")
    func copies() {
        let x = Tensor([1.0, 2])
        let copy = x.copy()
        copy.copy(from: Tensor([7]))
        #expect(copy.array() == [7.0, 7] && copy.dtype == .float64)
        #expect(x.array() == [1.0, 2])
    }
}
