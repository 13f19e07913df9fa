import Tensors

/// How far the numbers of each column vary, over all rows and within clusters; columns that share a unit have the mean of
/// all.
struct ColumnSpread {
    /// The variance over all rows, float64 `[size]`.
    let total: Tensor
    /// The variance within the clusters of k-means, float64 `[size]`.
    ///
    /// A row far from all others is a cluster of its own, and does not count as spread. Columns that do not vary within
    /// clusters, but for rounding, have that over all rows.
    let within: Tensor

    /// Measures columns.
    ///
    /// - Parameters:
    ///   - x: `[n, size]`, NaN where a number is missing; each column has one at least.
    ///   - filled: The same rows, every missing number replaced by the mean of its column.
    ///   - components: How many clusters there are.
    ///   - sharesUnit: Whether all columns are of one unit.
    init(of x: Tensor, filled: Tensor, components: Int, sharesUnit: Bool) {
        let isKnown = .!x.isNaN()
        let known = isKnown.converted(to: .float64).sum(along: 0)
        // Of what was observed alone, about a centre for each row.
        func variances(about centres: (Range<Int>) -> Tensor) -> Tensor {
            var squares = Tensor.zeros([x.size(along: 1)], dtype: .float64)
            var start = 0
            forBlocks(of: filled, width: x.size(along: 1)) { block in
                let range = start..<start + block.size(along: 0)
                let mask = isKnown.sliced(along: 0, from: range.lowerBound, to: range.upperBound)
                squares =
                    squares
                    + ((block - centres(range)).squared() * mask.converted(to: .float64)).sum(along: 0)
                start = range.upperBound
            }
            let variances = squares / known
            return sharesUnit ? variances.mean().broadcast(to: variances.shape).contiguous() : variances
        }
        let mean = filled.mean(along: 0).converted(to: .float64)
        let total = variances { _ in mean }
        self.total = total
        var settings = KMeansFit.Settings(components: components)
        settings.restarts = 1
        settings.iterations = 100
        // One answer for all starts, whatever their seed; columns without any variance keep their unit.
        var generator = Generator(seed: 0)
        let units = total.replacing(with: Tensor.ones(total.shape, dtype: .float64), where: total .== 0)
            .squareRoot()
        guard let fit = try? KMeansFit(filled / units.converted(to: x.dtype), settings, using: &generator)
        else {
            // There are no more different rows than clusters.
            within = total
            return
        }
        let centres = fit.model.centres * units
        let clustered = variances { range in
            centres.gathering(
                fit.labels.sliced(along: 0, from: range.lowerBound, to: range.upperBound), along: 0)
        }
        within = clustered.replacing(
            with: total, where: clustered .<= total * (256 * x.dtype.squaredRounding))
    }
}
