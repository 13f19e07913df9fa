import Evaluation
import Tensors

/// How far two sets of features are apart: the square of the maximum mean discrepancy under a cubic kernel, as in the
/// kernel Inception distance.
///
///     MMD² = mean_{i≠j} k(x_i, x_j) + k(y_i, y_j) − 2 k(x_i, y_j),   k(x, y) = (x·y / d + 1)³
///
/// It is unbiased: of two sets from one source its mean is 0, and it may be negative. Leaving out i = j everywhere keeps
/// it so where y_i is made from x_i, as a reconstruction is. The sets are cut into subsets that share no example, and the
/// estimate is the mean over these: so its standard error needs no theory. (The paper draws subsets that overlap.) The
/// order of the examples must be random.
///
/// Source: Bińkowski, Sutherland, Arbel, Gretton 2018, section 4, arXiv:1801.01401; Gretton et al. 2012, "A kernel
/// two-sample test", eq. 4.
///
/// - Parameters:
///   - x: `[count, features]`.
///   - y: `[other count, features]`.
///   - subsets: Into how many parts to cut.
/// - Returns: The mean over subsets, with its standard error.
/// - Precondition: Two examples in each subset at least.
public func kernelDistance(_ x: Tensor, _ y: Tensor, subsets: Int = 10) -> Estimate {
    let size = min(x.size(along: 0), y.size(along: 0)) / subsets
    precondition(size > 1, "\(subsets) subsets of \(size) examples")
    let features = Double(x.size(along: 1))
    func kernel(_ a: Tensor, _ b: Tensor) -> Tensor {
        (a.matmul(b.transposed()) / features + 1).raised(to: 3)
    }
    func meanOfPairs(_ a: Tensor, _ b: Tensor) -> Tensor {
        let products = kernel(a, b)
        return (products.sum() - products.diagonal().sum()) / Double(size * (size - 1))
    }
    return Estimate(
        of: (0..<subsets).map { subset in
            let part = TensorIndex.range(subset * size..<(subset + 1) * size)
            let (a, b) = (x[part].converted(to: .float64), y[part].converted(to: .float64))
            return (meanOfPairs(a, a) + meanOfPairs(b, b) - meanOfPairs(a, b) * 2).scalar()
        })
}
