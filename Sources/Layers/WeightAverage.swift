import Tensors

/// An exponential moving average of a model's parameters, which often generalises better than the last step's.
///
///     a = d a + (1 − d) θ,    d = min(decay, (1 + n) / (10 + n)) at update n
///
/// The smaller d of the first updates lets go of the initial weights, which would otherwise stay in the average
/// for 1 / (1 − decay) steps.
///
/// Running statistics belong to the weights that they were measured with: those of the averages are not averages of the
/// model's, but are measured anew by `measureStatistics(_:)`.
///
/// Source: Polyak, Juditsky 1992; the schedule of d is TensorFlow's `ExponentialMovingAverage`.
public final class WeightAverage {
    /// How much of the average is kept, once it has settled.
    public let decay: Double
    private let parameters: [(key: String, parameter: Parameter)]
    private let averages: [Tensor]
    /// The model's buffers, with the statistics of the averages and the values that every measurement begins with.
    private let statistics: [(key: String, buffer: Buffer, own: Tensor, start: Tensor)]
    private var updateCount = 0
    private var isSwapped = false

    /// An average that begins with the present weights.
    public init(_ model: ModuleState, decay: Double) {
        require((0..<1).contains(decay), "the decay of an average is from 0 to below 1, not \(decay)")
        self.decay = decay
        parameters = model.parameters
        averages = model.parameters.map { $0.parameter.value.copy() }
        statistics = model.buffers.map { ($0.key, $0.buffer, $0.buffer.value.copy(), $0.buffer.value.copy()) }
    }

    /// Whether the model has running statistics.
    public var hasStatistics: Bool { !statistics.isEmpty }

    /// The averages and their running statistics by key, and the number of updates.
    public var tensors: [(key: String, tensor: Tensor)] {
        [("updates", Tensor([updateCount], shape: []))]
            + zip(parameters, averages).map { ("\($0.key)/average", $1) }
            + statistics.flatMap { [("\($0.key)/average", $0.own), ("\($0.key)/start", $0.start)] }
    }

    /// Measures the running statistics of the averages, from the values that they had when the average began.
    ///
    /// - Parameter measure: Walks the model in training over some examples, and carries out its updates.
    public func measureStatistics(_ measure: () throws -> Void) rethrows {
        for entry in statistics { entry.own.copy(from: entry.start) }
        try withAverages(measure)
    }

    /// Puts back what `tensors` held.
    ///
    /// - Throws: `LayersError.mismatch` when the tensors belong to another model; nothing has changed then.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) {
        let count = try savedCount("updates", in: tensors)
        try write(tensors, into: self.tensors, strictly: true)
        updateCount = count ?? 0
    }

    /// Moves the average towards the weights, after an optimiser's step.
    public func update() {
        require(!isSwapped, "the average was updated while it stood in for the weights")
        let early = Double(1 + updateCount) / Double(10 + updateCount)
        updateCount += 1
        FusedOptimizer.average(averages, towards: parameters.map(\.parameter.value), decay: min(decay, early))
    }

    /// Runs `body` while the model computes with the averages; its own weights return afterwards, even by an error.
    public func withAverages<Result>(_ body: () throws -> Result) rethrows -> Result {
        require(!isSwapped, "the average stands in for the weights already")
        let weights = parameters.map(\.parameter.value)
        let buffers = statistics.map(\.buffer.value)
        for (entry, average) in zip(parameters, averages) { entry.parameter.value = average }
        for entry in statistics { entry.buffer.value = entry.own }
        isSwapped = true
        defer {
            for (entry, value) in zip(parameters, weights) { entry.parameter.value = value }
            for (entry, value) in zip(statistics, buffers) { entry.buffer.value = value }
            isSwapped = false
        }
        return try body()
    }

    /// Puts copies of the averages and their statistics in the place of the weights and theirs, for a model that will
    /// train no more.
    public func replaceWeights() {
        for (entry, average) in zip(parameters, averages) { entry.parameter.value = average.copy() }
        for entry in statistics { entry.buffer.value = entry.own.copy() }
    }
}
