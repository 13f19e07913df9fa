import Tensors

/// The variance of the Laplacian of each image: high where edges are sharp, low where they are blurred.
///
///     Var_ij(x[i−1, j] + x[i+1, j] + x[i, j−1] + x[i, j+1] − 4 x[i, j])
///
/// Shapes: `[count, channels, height, width]` → `[count]`, in float64. Channels are averaged first; the rim, whose
/// neighbours are not all there, is left out.
///
/// Source: Pech-Pacheco, Cristóbal, Chamorro-Martínez, Fernández-Valdivia 2000, "Diatom autofocusing in brightfield
/// microscopy: a comparative study".
///
/// - Precondition: Images of 3×3 pixels at least.
public func laplacianVariance(of images: Tensor) -> Tensor {
    let grey = images.converted(to: .float64).mean(along: 1)
    let (height, width) = (grey.size(along: 1), grey.size(along: 2))
    precondition(height > 2 && width > 2, "images of \(height)×\(width) pixels have no inside")
    func shifted(_ down: Int, _ right: Int) -> Tensor {
        grey[.all, .range(down..<height - 2 + down), .range(right..<width - 2 + right)]
    }
    let laplacian = shifted(0, 1) + shifted(2, 1) + shifted(1, 0) + shifted(1, 2) - shifted(1, 1) * 4
    return laplacian.flattened(from: 1).variance(along: 1, isUnbiased: false)
}
