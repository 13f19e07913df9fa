import Tensors
import TestSupport
import Testing

@Suite("Linear algebra")
struct LinearAlgebraTests {
    /// Two well-conditioned matrices.
    let a = Tensor([4, 1, -2, 0.5, 3, 1, 1, -1, 5, 2, 0, 1, 0, 3, 0, -1, 0, 4], shape: [2, 3, 3])
    let b = Tensor([1, 2, -1, 0.5, 3, -2, 0, 1, 4, -1, 2, 2.0], shape: [2, 3, 2])
    var positive: Tensor { a.matmul(a.transposed()) + Tensor.identity(3) }

    @Test("Products: matrices, vectors, leading axes broadcast")
    func products() {
        let x = Tensor([1, 2, 3, 4, 5, 6.0], shape: [2, 3])
        expectClose(x.matmul(Tensor([1, 0, -1.0])), Tensor([-2.0, -2]))
        expectClose(x.matmul(x.transposed()), Tensor([14, 32, 32, 77.0], shape: [2, 2]))
        let batched = a.matmul(b[0])
        #expect(batched.shape == [2, 3, 2])
        expectClose(batched[1], a[1].matmul(b[0]))
    }

    @Test("Cholesky's factor is lower, with a positive diagonal, and multiplies back")
    func cholesky() {
        let known = Tensor([4, 12, -16, 12, 37, -43, -16, -43, 98.0], shape: [3, 3])
        expectClose(
            known.cholesky(), Tensor([2, 0, 0, 6, 1, 0, -8, 5, 3.0], shape: [3, 3]), relative: 1e-13)
        let factor = positive.cholesky()
        expectClose(factor.upperTriangle(diagonal: 1), Tensor(zerosLike: factor))
        #expect((factor.diagonal() .> 0.0).allTrue())
        expectClose(factor.matmul(factor.transposed()), positive, relative: 1e-13, absolute: 1e-13)
    }

    @Test("Where asked for, matrices without a factor give NaN and the others theirs")
    func choleskyOrNaN() {
        let indefinite = Tensor([1, 2, 2, 1.0], shape: [2, 2])
        let unknown = Tensor([.nan, 0, 0, 1.0], shape: [2, 2])
        let known = Tensor([4, 2, 2, 5.0], shape: [2, 2])
        let factors = Tensor.stacked([indefinite, known, unknown]).choleskyOrNaN()
        #expect(factors[0].isNaN().allTrue() && factors[2].isNaN().anyTrue())
        expectClose(factors[1], known.cholesky())
    }

    @Test("Triangular solves, lower, upper and of unit diagonal")
    func triangular() {
        let lower = a.lowerTriangle()
        expectClose(lower.matmul(lower.triangularSolve(b)), b, absolute: 1e-14)
        let upper = a.upperTriangle()
        expectClose(upper.matmul(upper.triangularSolve(b, isUpper: true)), b, absolute: 1e-14)
        let unit = a.lowerTriangle(diagonal: -1) + Tensor.identity(3)
        expectClose(unit.matmul(a.triangularSolve(b, hasUnitDiagonal: true)), b, absolute: 1e-14)
    }

    @Test("Solving undoes multiplying")
    func solving() {
        expectClose(a.matmul(a.solve(b)), b, absolute: 1e-14)
    }

    @Test("Log-determinants: closed form, Cholesky's diagonal, and NaN when negative")
    func determinants() {
        let two = Tensor([3, 1, 2, 5.0], shape: [2, 2])
        expectClose(two.logDeterminant(), Tensor(13.0).log().converted(to: .float64), relative: 1e-7)
        expectClose(two.logDeterminant(), Tensor([13.0]).log()[0], relative: 1e-14)
        let byFactor = 2 * positive.cholesky().diagonal().log().sum(along: -1)
        expectClose(positive.logDeterminant(), byFactor, relative: 1e-13)
        #expect(two.reversed(along: 0).logDeterminant().isNaN().allTrue())
    }

    @Test("The orthogonal factor has orthonormal columns and keeps R's diagonal positive")
    func orthogonal() {
        for shape in [[4, 4], [6, 3]] {
            var generator = Generator(seed: 5)
            let x = generator.normal(shape, dtype: .float64)
            let q = x.orthogonalFactor()
            #expect(q.shape == shape)
            expectClose(q.transposed().matmul(q), Tensor.identity(shape[1]), absolute: 1e-14)
            let r = q.transposed().matmul(x)
            #expect((r.diagonal() .> 0.0).allTrue())
            expectClose(r.lowerTriangle(diagonal: -1), Tensor(zerosLike: r), absolute: 1e-14)
        }
    }

    @Test("Gradients agree with central differences")
    func gradients() {
        expectGradientsMatch(at: [a, b]) { $0[0].matmul($0[1]) }
        expectGradientsMatch(at: [a, b]) { $0[0].solve($0[1]) }
        expectGradientsMatch(at: [a, b]) { $0[0].triangularSolve($0[1]) }
        // The factor depends on a symmetric matrix: differences must move both halves.
        expectGradientMatches(at: a) {
            ($0.matmul($0.transposed()) + Tensor.identity(3, dtype: .float64)).cholesky()
        }
        expectGradientMatches(at: a) {
            ($0.matmul($0.transposed()) + Tensor.identity(3, dtype: .float64)).choleskyOrNaN()
        }
        expectGradientMatches(at: a) { $0.logDeterminant() }
    }

    @Test("Eigenvalues come in order, with orthonormal vectors that rebuild the matrix")
    func symmetricEigen() {
        var generator = Generator(seed: 5)
        let root = generator.normal([3, 4, 4], dtype: .float64)
        let matrices = root.matmul(root.transposed())
        let (values, vectors) = matrices.symmetricEigen()
        #expect((values[.all, .from(1)] - values[.all, .upTo(3)] .>= 0).allTrue())
        expectClose(
            (vectors * values.expanded(at: -2)).matmul(vectors.transposed()), matrices, absolute: 1e-12)
        expectClose(
            vectors.transposed().matmul(vectors),
            Tensor.identity(4, dtype: .float64).broadcast(to: [3, 4, 4]), absolute: 1e-13)
    }
}
