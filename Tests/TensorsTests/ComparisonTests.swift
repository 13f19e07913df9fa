import Tensors
import TestSupport
import Testing

@Suite("Comparison")
struct ComparisonTests {
    let x = Tensor([1, 2, 3, Double.nan])

    @Test("Comparisons give masks; nothing equals NaN")
    func tensors() {
        let y = Tensor([2, 2, 2, Double.nan])
        #expect((x .== y).array() == [false, true, false, false])
        #expect((x .!= y).array() == [true, false, true, true])
        #expect((x .< y).array() == [true, false, false, false])
        #expect((x .<= y).array() == [true, true, false, false])
        #expect((x .> y).array() == [false, false, true, false])
        #expect((x .>= y).array() == [false, true, true, false])
    }

    @Test("Comparisons with a number")
    func numbers() {
        #expect((x .== 2.0).array() == [false, true, false, false])
        #expect((x .!= 2.0).array() == [true, false, true, true])
        #expect((x .< 2.0).array() == [true, false, false, false])
        #expect((x .<= 2.0).array() == [true, true, false, false])
        #expect((x .> 2.0).array() == [false, false, true, false])
        #expect((x .>= 2.0).array() == [false, true, true, false])
        // A whole tensor is compared with the number itself, not with the number cut down to it.
        #expect((Tensor([0, 1, 2]) .> 0.5).array() == [false, true, true])
    }

    @Test("Masks combine and are judged as a whole")
    func masks() {
        let a = Tensor([true, true, false])
        let b = Tensor([true, false, false])
        #expect((a .& b).array() == [true, false, false])
        #expect((a .| b).array() == [true, true, false])
        #expect((.!a).array() == [false, false, true])
        #expect(!a.allTrue() && a.anyTrue() && (a .| .!a).allTrue() && !(a .& .!a).anyTrue())
        #expect(Tensor([Bool]()).allTrue() && !Tensor([Bool]()).anyTrue())
    }

    @Test("Values that are not finite are found and replaced")
    func notFinite() {
        let y = Tensor([1, Double.infinity, -.infinity, .nan])
        #expect(y.isFinite().array() == [true, false, false, false])
        #expect(y.isNaN().array() == [false, false, false, true])
        expectClose(y.replacing(with: Tensor(0.0), where: .!y.isFinite()), Tensor([1.0, 0, 0, 0]))
    }
}
