/// A stage of long work, as it is told.
public struct WorkProgress: Sendable {
    /// What is done, in a word or two.
    public let stage: String
    /// What is counted, in the singular.
    public let unit: String
    /// How many are done.
    public let completed: Int
    /// How many there are.
    public let total: Int
}

/// Is told as work goes on.
public typealias ProgressHandler = (WorkProgress) -> Void

/// Counts what is done of a stage.
struct Stage {
    private let name: String
    private let unit: String
    private let total: Int
    private let handler: ProgressHandler
    private var completed = 0

    init(_ name: String, total: Int, unit: String = "example", _ handler: @escaping ProgressHandler) {
        self.name = name
        self.unit = unit
        self.total = total
        self.handler = handler
        handler(WorkProgress(stage: name, unit: unit, completed: 0, total: total))
    }

    /// Tells of so many more.
    mutating func advance(by count: Int = 1) {
        completed += count
        handler(WorkProgress(stage: name, unit: unit, completed: completed, total: total))
    }
}
