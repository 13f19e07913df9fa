import Tensors

extension GaussianMixture {
    /// Draws from the mixture: a component by its weight, then a row of it, `[count, size]`.
    public func sample(_ count: Int, using generator: inout Generator) -> Tensor {
        let codes = (0..<count).map { _ in generator.place(by: weights) }
        let noise = generator.normal([count, size], dtype: .float64)
        guard !covariance.hasIndependentAxes else {
            let places = Tensor(codes)
            return means.gathering(places, along: 0)
                + noise * variances.squareRoot().gathering(places, along: 0)
        }
        let factors = matrices.cholesky()
        var rows = noise
        for component in 0..<components {
            let places = codes.indices.filter { codes[$0] == component }
            guard !places.isEmpty else { continue }
            let part =
                noise.gathering(Tensor(places), along: 0).matmul(
                    factors.selected(component, along: 0).transposed())
                + means.selected(component, along: 0)
            rows = rows.scattering(
                part, at: Tensor(places).expanded(at: 1).broadcast(to: part.shape), along: 0)
        }
        return rows
    }

    /// The rows with each missing number replaced by its mean given what was observed of the row, float64 `[n, size]`.
    ///
    ///     E[x_m | x_o] = Σ_k p(z = k | x_o) [μ_m + Σ_mo Σ_oo⁻¹ (x_o − μ_o)]
    public func imputed(_ x: Tensor) -> Tensor {
        let expected = (weights.expanded(at: 1) * means).sum(along: 0)
        let isMissing = x.isNaN()
        let filled = ObservedRows(x).joined(missing: expected) { group in
            guard group.columns.count < size else { return group.values.converted(to: .float64) }
            let part = marginal(of: group.columns)
            let (density, gains) = (part.density, regression(on: group.columns).gains)
            return inBlocks(of: group.values, width: components * size) { block in
                let differences = part.differences(of: block)
                let shares = density.logJoint(about: differences).softmax(along: 0)
                let means = differences.matmul(gains) + means.expanded(at: 1)
                return (means * shares.expanded(at: 2)).sum(along: 0)
            }
        }
        // What was observed stays as it is, to the last digit.
        return x.converted(to: .float64).replacing(with: filled, where: isMissing)
    }

    /// How the columns hang on some of them, given the component.
    ///
    /// - Parameter columns: Those that are known, in order.
    /// - Returns: Gains, `[components, columns, size]`: known differences from the means times these are the expected
    ///   differences of all columns; and what stays uncertain, a covariance `[components, size, size]`, zero for those known.
    func regression(on columns: [Int]) -> (gains: Tensor, rest: Tensor) {
        let places = Tensor(columns)
        let unknown = (0..<size).filter { !columns.contains($0) }
        let matrices = matrices
        let across = matrices.gathering(places, along: 1)
        // Known columns follow themselves exactly: rounding must not say otherwise.
        let isKnown = places.oneHot(classes: size).converted(to: .float64)
        let mask = isKnown.sum(along: 0)
        let solved = across.gathering(places, along: 2).solve(across) * (1 - mask)
        let rest = matrices - across.transposed().matmul(solved)
        let uncertain =
            unknown.isEmpty ? Tensor(zerosLike: rest) : rest * (1 - mask) * (1 - mask).expanded(at: 1)
        return (solved + isKnown, (uncertain + uncertain.transposed()) * 0.5)
    }
}
