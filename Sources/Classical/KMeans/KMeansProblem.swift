import Foundation
import Tensors

/// Rows about their mean, to which centres are fitted.
struct KMeansProblem {
    /// `[n, size]`.
    let rows: Tensor
    let settings: KMeansFit.Settings

    /// The variance that rounding alone gives numbers of the median row: what is less tells nothing of the rows.
    ///
    /// The median, as a row far from all others is no measure of how these are rounded.
    var rounding: Double {
        let squares = rows.squared().mean(along: -1).converted(to: .float64)
        let middle = squares.sortedIndices(along: 0).selected(squares.count / 2, along: 0)
        let median = squares.selected(Int(middle.scalar()), along: 0).scalar()
        return 256 * rows.dtype.squaredRounding * median
    }

    /// A start is chosen among rows of so many numbers, drawn at random, or 64 rows for each centre: more teach it
    /// nothing.
    private static let sampleLimit = 1 << 23

    /// What became of one start.
    struct Run {
        var centres: Tensor
        var labels: Tensor
        var log: [Double] = []
        var isConverged = false
        var reseeded = 0
        var inertia: Double { log.last ?? .infinity }
    }

    /// The centres of a new start, float64 `[components, size]`.
    ///
    /// - Throws: `FitError.tooFewRows` where fewer rows differ than there are to be centres.
    func start(using generator: inout Generator) throws -> Tensor {
        let count = rows.size(along: 0)
        var sample = rows
        let limit = max(Self.sampleLimit / rows.size(along: 1), 64 * settings.components)
        if count > limit { sample = rows.gathering(Tensor(generator.places(limit, of: count)), along: 0) }
        return switch settings.start {
        case .random:
            rows.gathering(Tensor(generator.places(settings.components, of: count)), along: 0)
                .converted(to: .float64)
        case .plusPlus: try plusPlus(sample, using: &generator)
        }
    }

    /// Each centre at a row drawn by its squared distance to the nearest centre so far; of a few such rows, at that which
    /// leaves the others the nearest.
    private func plusPlus(_ sample: Tensor, using generator: inout Generator) throws -> Tensor {
        func squares(to place: Int) -> Tensor {
            (sample - sample.selected(place, along: 0)).squared().sum(along: -1).converted(to: .float64)
        }
        let trials = 2 + Int(log(Double(settings.components)))
        var places = [Int(generator.next().multipliedFullWidth(by: UInt64(sample.size(along: 0))).high)]
        var nearest = squares(to: places[0])
        while places.count < settings.components {
            guard nearest.max().scalar() > 0 else {
                throw FitError.tooFewRows(
                    count: places.count, areDistinct: true, components: settings.components)
            }
            let candidates = (0..<trials).map { _ in
                let place = generator.place(by: nearest)
                let left = nearest.minimum(squares(to: place))
                return (place: place, nearest: left, sum: left.sum().scalar())
            }
            let best = candidates.min { $0.sum < $1.sum }!
            places.append(best.place)
            nearest = best.nearest
        }
        return sample.gathering(Tensor(places), along: 0).converted(to: .float64)
    }

    /// Steps from a start to its end.
    func run(
        from centres: Tensor, using generator: inout Generator, shouldStop: () -> Bool,
        didStep: (Int, Double) -> Void
    ) throws -> Run {
        guard let size = settings.minibatch, size < rows.size(along: 0) else {
            return lloyd(from: centres, shouldStop: shouldStop, didStep: didStep)
        }
        let (moved, log, reseeded) = minibatches(
            of: size, from: centres, using: &generator, shouldStop: shouldStop, didStep: didStep)
        // What the steps have come to, over all rows.
        var assignment = CentreAssignment(of: rows, centres: settings.components)
        _ = assignment.assign(to: moved)
        return Run(
            centres: moved, labels: assignment.labels,
            log: log + [inertia(of: moved, assignment)],
            isConverged: false, reseeded: reseeded)
    }

    /// Σ |x − c|² from the sums, Σ |x|² − 2 Σ c · s + Σ n |c|², or from the rows where so little is left of these that
    /// their digits are gone.
    private func inertia(of centres: Tensor, _ assignment: CentreAssignment) -> Double {
        let products = (centres * assignment.sums).sum().scalar()
        let squares = (centres.squared().sum(along: -1) * assignment.counts).sum().scalar()
        let inertia = assignment.squares - 2 * products + squares
        guard inertia < 1e-6 * assignment.squares else { return inertia }
        return squaredDistances(to: centres, assignment).sum().scalar()
    }

    /// |x − c|² of each row to its own centre, float64.
    private func squaredDistances(to centres: Tensor, _ assignment: CentreAssignment) -> Tensor {
        (rows.converted(to: .float64) - centres.gathering(assignment.labels, along: 0)).squared().sum(
            along: -1)
    }

    private func lloyd(
        from centres: Tensor, shouldStop: () -> Bool, didStep: (Int, Double) -> Void
    ) -> Run {
        var assignment = CentreAssignment(of: rows, centres: settings.components)
        // As the kernel has them: those of float32 rows are float32.
        var run = Run(
            centres: centres.converted(to: rows.dtype).converted(to: .float64), labels: assignment.labels)
        for step in 0...settings.iterations {
            let changed = assignment.assign(to: run.centres)
            let before = run.inertia
            run.log.append(inertia(of: run.centres, assignment))
            didStep(step, run.inertia)
            let isSlow = settings.tolerance > 0 && before - run.inertia <= settings.tolerance * before
            run.isConverged = changed == 0 || isSlow
            if run.isConverged || shouldStop() { break }
            guard step < settings.iterations else { break }
            run.reseeded += reseedEmpty(&assignment, centres: run.centres)
            let counts = assignment.counts.clamped(from: 1).expanded(at: 1)
            // A centre that stays without rows, where too few rows differ, stays where it is.
            run.centres = (assignment.sums / counts).replacing(
                with: run.centres, where: (assignment.counts .== 0).expanded(at: 1))
            run.centres = run.centres.converted(to: rows.dtype).converted(to: .float64)
        }
        return run
    }

    /// Gives every centre without rows that row which is the furthest from its own; returns how many.
    private func reseedEmpty(_ assignment: inout CentreAssignment, centres: Tensor) -> Int {
        let empty = assignment.counts.array(of: Double.self).enumerated().filter { $1 == 0 }.map(\.offset)
        guard !empty.isEmpty else { return 0 }
        let squares = squaredDistances(to: centres, assignment)
        let furthest = squares.sortedIndices(along: 0, descending: true)
            .sliced(along: 0, from: 0, to: empty.count).array(of: Int.self)
        var moved = 0
        for (centre, row) in zip(empty, furthest) where squares.selected(row, along: 0).scalar() > 0 {
            assignment.move(row: row, to: centre)
            moved += 1
        }
        return moved
    }

    /// Steps of a few rows each, every centre moving towards its rows by their share of all it has seen.
    ///
    /// Source: Sculley 2010, "Web-scale k-means clustering".
    private func minibatches(
        of size: Int, from centres: Tensor, using generator: inout Generator, shouldStop: () -> Bool,
        didStep: (Int, Double) -> Void
    ) -> (centres: Tensor, log: [Double], reseeded: Int) {
        var centres = centres
        var log: [Double] = []
        var reseeded = 0
        let count = rows.size(along: 0)
        let seen = Tensor.zeros([settings.components], dtype: .float64)
        for step in 0..<settings.iterations {
            let batch = rows.gathering(Tensor(generator.places(size, of: count)), along: 0)
            var assignment = CentreAssignment(of: batch, centres: settings.components)
            _ = assignment.assign(to: centres)
            let squares = (batch.converted(to: .float64) - centres.gathering(assignment.labels, along: 0))
                .squared().sum(along: -1)
            log.append(squares.mean().scalar() * Double(count))
            didStep(step, log[step])
            seen.add(assignment.counts)
            let pull = assignment.sums - centres * assignment.counts.expanded(at: 1)
            centres = centres + pull / seen.clamped(from: 1).expanded(at: 1)
            let unseen = seen.array(of: Double.self).enumerated().filter { $1 == 0 }.map(\.offset)
            let furthest = squares.sortedIndices(along: 0, descending: true).array(of: Int.self)
            for (centre, row) in zip(unseen, furthest) {
                centres.sliced(along: 0, from: centre, to: centre + 1).copy(
                    from: batch.sliced(along: 0, from: row, to: row + 1))
                reseeded += 1
            }
            if shouldStop() { break }
        }
        return (centres, log, reseeded)
    }
}
