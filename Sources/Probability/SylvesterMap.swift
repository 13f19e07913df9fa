import Tensors

/// Planar maps in several orthogonal directions at once.
///
///     f(z) = z + Q R t,   t = tanh(R̃ Qᵀ z + b),   det = Π_i 1 + (1 − t_i²) R_ii R̃_ii
///
/// Q has M orthonormal columns, R and R̃ are upper triangular, so that Sylvester's identity brings the determinant down
/// to M factors. The map is one-to-one where each R_ii R̃_ii > −1: the diagonals are bounded by tanh.
///
/// Q is the first M columns of a product of M Householder reflections I − 2 v vᵀ / |v|². As in the decomposition of a
/// matrix into Q and R, so many reach any M orthonormal columns but for their signs. (The paper's Householder form has a
/// square Q; its form with M columns iterates until they are orthogonal.) R and R̃ share one matrix, above and below its
/// diagonal, as in the authors' code.
///
/// Shapes: `[..., size]`; the parameters' leading axes broadcast against it. Source: van den Berg, Hasenclever, Tomczak,
/// Welling 2018, section 3, arXiv:1803.05649.
public struct SylvesterMap: InvertibleMap {
    /// Q R, `[..., size, M]`.
    private let steps: Tensor
    /// R̃ Qᵀ, `[..., M, size]`.
    private let normals: Tensor
    private let offset: Tensor
    /// R_ii R̃_ii, `[..., M]`.
    private let products: Tensor

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A map for any numbers.
    ///
    /// - Parameters:
    ///   - reflections: v of each reflection, `[..., M, size]`.
    ///   - triangles: R on and above the diagonal, R̃ᵀ below, `[..., M, M]`; the diagonal before its tanh.
    ///   - diagonal: That of R̃ before its tanh, `[..., M]`.
    ///   - offset: b, `[..., M]`.
    public init(reflections: Tensor, triangles: Tensor, diagonal: Tensor, offset: Tensor) {
        let basis = Self.orthonormalColumns(reflections)
        let outer = Self.bounded(triangles.diagonal())
        let inner = Self.bounded(diagonal)
        steps = basis.matmul(triangles.upperTriangle(diagonal: 1) + outer.diagonalMatrix())
        normals = (triangles.transposed().upperTriangle(diagonal: 1) + inner.diagonalMatrix())
            .matmul(basis.transposed())
        products = outer * inner
        self.offset = offset
    }

    /// f(z).
    public func forward(_ z: Tensor) -> Transformed {
        let bend = (normals.matmul(z.expanded(at: -1)).squeezed(at: -1) + offset).tanh()
        let square = bend.squared()
        // 1 + (1 − t²) p without the difference of near numbers where p is close to −1.
        let determinants = square + (1 - square) * (products + 1)
        return Transformed(
            z + steps.matmul(bend.expanded(at: -1)).squeezed(at: -1),
            logDeterminant: determinants.log().sum(along: -1))
    }

    /// A little less than one, so that no factor of the determinant comes nearer to zero than 0.02.
    private static let limit = 0.99

    private static func bounded(_ diagonal: Tensor) -> Tensor { diagonal.tanh() * limit }

    /// The first columns of H_1 H_2 ⋯ H_M, `[..., M, size]` → `[..., size, M]`.
    private static func orthonormalColumns(_ reflections: Tensor) -> Tensor {
        let count = reflections.size(along: -2)
        let size = reflections.size(along: -1)
        precondition(count <= size, "\(count) orthogonal directions in \(size) dimensions")
        let columns = Tensor.identity(size, dtype: reflections.dtype).sliced(along: 1, from: 0, to: count)
        return (0..<count).reversed().reduce(columns) { columns, place in
            let vector = reflections.selected(place, along: -2).expanded(at: -1)
            let square = vector.squared().sum(along: -2, keepingAxes: true).clamped(from: 1e-12)
            return columns - vector.matmul(vector.transposed().matmul(columns)) * (2 / square)
        }
    }
}
