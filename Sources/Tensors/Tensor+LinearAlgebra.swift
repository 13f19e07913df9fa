import CTorch

extension Tensor {
    /// The matrix product over the last two axes, the leading ones broadcast.
    public func matmul(_ other: Tensor) -> Tensor { made(ct_matmul(handle, other.handle), self, other) }

    /// The lower factor L of a positive definite matrix, self = L Lᵀ.
    public func cholesky() -> Tensor { made(ct_cholesky(handle), self) }

    /// The lower factor, NaN where a matrix has none: that a model has diverged must show, and not end the program.
    public func choleskyOrNaN() -> Tensor { made(ct_cholesky_or_nan(handle), self) }

    /// X in self · X = b, for a triangular matrix.
    public func triangularSolve(_ b: Tensor, isUpper: Bool = false, hasUnitDiagonal: Bool = false) -> Tensor {
        made(ct_triangular_solve(handle, b.handle, isUpper, hasUnitDiagonal), self, b)
    }

    /// X in self · X = b.
    public func solve(_ b: Tensor) -> Tensor { made(ct_solve(handle, b.handle), self, b) }

    /// log det of square matrices; NaN where the determinant is negative.
    public func logDeterminant() -> Tensor { made(ct_logdet(handle), self) }

    /// Q of the reduced QR decomposition with R's diagonal positive: uniform over rotations for normal input.
    public func orthogonalFactor() -> Tensor { made(ct_orthogonal_factor(handle), self) }

    /// Eigenvalues in ascending order and eigenvectors as columns, of symmetric matrices whose lower triangle is read.
    public func symmetricEigen() -> (values: Tensor, vectors: Tensor) {
        var values: CTTensor?
        var vectors: CTTensor?
        performed(ct_symmetric_eigen(handle, &values, &vectors), self)
        return (Tensor(owning: values!), Tensor(owning: vectors!))
    }
}
