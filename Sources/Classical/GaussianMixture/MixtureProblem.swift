import Foundation
import Tensors

/// Rows to which a mixture is fitted.
struct MixtureProblem {
    let rows: ObservedRows
    let floor: VarianceFloor
    /// The standard deviation of each column, or of all together where they share one unit, in which k-means measures.
    private let scale: Tensor
    private let settings: MixtureFit.Settings
    /// The rows with missing numbers filled by their columns' means, for starts.
    private let filled: Tensor

    /// A component that collapsed so many times in one start is given up, and the start with it.
    private static let patience = 10

    /// What became of one start.
    struct Run {
        var model: GaussianMixture
        var logs: [[Double]] = [[]]
        var collapses: [(step: Int, collapse: Collapse)] = []
        /// The components that the floor has raised in the last step.
        var floored: [Int] = []
        var isConverged = false
        var hasFailed = false

        /// The mean over rows.
        var logLikelihood: Double { logs.last?.last ?? -.infinity }

        init(model: GaussianMixture) {
            self.model = model
        }
    }

    /// Checks rows and measures their columns.
    ///
    /// - Throws: `FitError`.
    init(_ x: Tensor, _ settings: MixtureFit.Settings) throws {
        try requireRows(x, components: settings.components, allowsMissing: true)
        let isMissing = x.isNaN()
        let known = (.!isMissing).converted(to: .float32).sum(along: 0).array(of: Double.self)
        if let column = known.firstIndex(of: 0) { throw FitError.emptyColumn(column + 1) }
        self.settings = settings
        filled = ObservedRows.filled(x)
        rows = ObservedRows(x)
        guard rows.count >= settings.components else {
            throw FitError.tooFewRows(count: rows.count, areDistinct: false, components: settings.components)
        }
        let sharesUnit = settings.sharesUnit || settings.covariance == .spherical
        func bounded(_ bound: Double) -> Tensor {
            x.replacing(with: Tensor(bound, dtype: x.dtype).broadcast(to: x.shape), where: isMissing)
        }
        let isConstant = (bounded(.infinity).min(along: 0) .== bounded(-.infinity).max(along: 0))
            .array(of: Bool.self)
        if !sharesUnit || isConstant.allSatisfy({ $0 }), let column = isConstant.firstIndex(of: true) {
            throw FitError.constantColumn(column + 1)
        }
        let spread = ColumnSpread(
            of: x, filled: filled, components: settings.components, sharesUnit: sharesUnit)
        let least = x.dtype.leastFitVariance
        if let column = spread.total.array(of: Double.self).firstIndex(where: { $0 < least }) {
            throw FitError.tooAlike(column: column + 1)
        }
        scale = spread.total.squareRoot()
        floor = VarianceFloor(
            share: settings.floor, units: spread.within.clamped(from: least).squareRoot())
    }

    /// The mixture of a new start.
    ///
    /// - Throws: `FitError.tooFewRows` where fewer rows differ than there are to be components.
    func start(using generator: inout Generator) throws -> GaussianMixture {
        switch settings.start {
        case .random:
            let places = Tensor(generator.places(settings.components, of: rows.total))
            return mixture(
                means: filled.gathering(places, along: 0).converted(to: .float64),
                counts: Tensor.ones([settings.components], dtype: .float64),
                labels: Tensor(repeating: 0, shape: [rows.total], dtype: .int64),
                about: filled.mean(along: 0).expanded(at: 0))
        case .kMeans:
            var settings = KMeansFit.Settings(components: settings.components)
            settings.restarts = 1
            settings.iterations = 100
            let fit = try KMeansFit(filled / scale.converted(to: filled.dtype), settings, using: &generator)
            let labels = fit.labels
            let counts = Tensor.zeros([settings.components], dtype: .float64).scatterAdding(
                Tensor.ones(labels.shape, dtype: .float64), at: labels, along: 0)
            let means = fit.model.centres * scale
            return mixture(means: means, counts: counts.clamped(from: 1), labels: labels, about: means)
        }
    }

    /// Components with the covariance of the rows about centres, each by its label.
    private func mixture(means: Tensor, counts: Tensor, labels: Tensor, about centres: Tensor)
        -> GaussianMixture
    {
        let size = rows.size
        let isMatrix = !settings.covariance.hasIndependentAxes
        let centres = centres.converted(to: .float64)
        var sum = Tensor.zeros(isMatrix ? [size, size] : [size], dtype: .float64)
        var place = 0
        forBlocks(of: filled, width: size) { block in
            let end = place + block.size(along: 0)
            let gap = block - centres.gathering(labels.sliced(along: 0, from: place, to: end), along: 0)
            sum = sum + (isMatrix ? gap.transposed().matmul(gap) : gap.squared().sum(along: 0))
            place = end
        }
        // A start may be wider than the floor asks, but not singular.
        let within = VarianceFloor(share: max(floor.share, 1e-6), units: floor.units)
        let kind = settings.covariance
        let shape = kind.shape(components: settings.components, size: size)
        let free = sum / Double(rows.total)
        let shared = kind == .spherical ? free.mean() : free
        return GaussianMixture(
            weights: counts / counts.sum(), means: means, covariance: kind,
            covariances: within.raise(shared.broadcast(to: shape).contiguous(), kind).covariances)
    }

    /// Steps from a start to its end.
    func run(
        _ run: inout Run, using generator: inout Generator, shouldStop: () -> Bool,
        didStep: (Int, Double) -> Void
    ) {
        for step in 0...settings.iterations {
            let sums = run.model.sums(over: rows)
            let before = run.logs[run.logs.count - 1].last
            let now = sums.logLikelihood / Double(rows.count)
            run.logs[run.logs.count - 1].append(now)
            didStep(step, now)
            run.isConverged = before.map { now - $0 <= settings.tolerance } ?? false
            if run.isConverged || shouldStop() || step == settings.iterations { return }
            switch run.model.updated(by: sums, floor: floor) {
            case .mixture(let model, let floored): (run.model, run.floored) = (model, floored)
            case .collapse(let collapse):
                run.floored = []
                run.collapses.append((step, collapse))
                run.hasFailed = run.collapses.count > Self.patience
                if run.hasFailed { return }
                run.model = beginAnew(run.model, collapse.component, using: &generator)
                run.logs.append([])
            }
        }
    }

    /// The mixture with one component begun anew, at a row drawn at random and as wide as the data.
    private func beginAnew(
        _ model: GaussianMixture, _ component: Int, using generator: inout Generator
    ) -> GaussianMixture {
        let row = Int(generator.next().multipliedFullWidth(by: UInt64(rows.total)).high)
        let isOther = (Tensor.range(to: Double(model.components)) .!= Double(component)).converted(
            to: .float64)
        let others = model.weights * isOther
        let share = 1 / Double(model.components)
        let wide = mixture(
            means: model.means, counts: model.weights,
            labels: Tensor(repeating: 0, shape: [rows.total], dtype: .int64),
            about: filled.mean(along: 0).expanded(at: 0)
        ).covariances
        func replaced(_ values: Tensor, by other: Tensor) -> Tensor {
            let mask = isOther.reshaped([-1] + [Int](repeating: 1, count: values.rank - 1)).broadcast(
                to: values.shape)
            return values.replacing(with: other.broadcast(to: values.shape), where: mask .== 0)
        }
        return GaussianMixture(
            weights: model.components == 1
                ? model.weights : others / others.sum() * (1 - share) + (1 - isOther) * share,
            means: replaced(
                model.means, by: filled.selected(row, along: 0).converted(to: .float64).expanded(at: 0)),
            covariance: model.covariance,
            covariances: model.covariance == .tied ? wide : replaced(model.covariances, by: wide))
    }
}
