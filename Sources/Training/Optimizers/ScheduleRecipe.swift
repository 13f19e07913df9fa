import Layers
import Settings

/// The settings of a schedule of the learning rate, and how it is made of them.
///
/// A package adds schedules of its own by `TrainingSettings.schedules.register(_:)`.
public protocol ScheduleRecipe: Choice {
    /// The schedule of a run of so many steps.
    func make(totalSteps: Int) -> LearningRateSchedule
}

extension TrainingSettings {
    /// The schedules by name.
    public static let schedules = Registry<any ScheduleRecipe.Type>(
        "schedule", [ConstantScheduleRecipe.self, StepScheduleRecipe.self, CosineScheduleRecipe.self])
}

/// The same learning rate throughout.
public struct ConstantScheduleRecipe: ScheduleRecipe {
    /// Its name.
    public static let kind = "constant"
    /// Its line in the help.
    public static let help = "The same throughout."
    /// It has no settings.
    public static var settings: [Setting<ConstantScheduleRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The schedule.
    public func make(totalSteps: Int) -> LearningRateSchedule { .constant }
}

/// A tenth of the learning rate after two thirds of the run.
public struct StepScheduleRecipe: ScheduleRecipe {
    /// Its name.
    public static let kind = "step"
    /// Its line in the help.
    public static let help = "A tenth after two thirds of the run."
    /// It has no settings.
    public static var settings: [Setting<StepScheduleRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The schedule.
    public func make(totalSteps: Int) -> LearningRateSchedule {
        .step(interval: max(1, totalSteps * 2 / 3), factor: 0.1)
    }
}

/// Up in the first twentieth, then down to zero along half a cosine.
public struct CosineScheduleRecipe: ScheduleRecipe {
    /// Its name.
    public static let kind = "cosine"
    /// Its line in the help.
    public static let help = "Up in the first twentieth, then down to zero along half a cosine."
    /// It has no settings.
    public static var settings: [Setting<CosineScheduleRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The schedule.
    public func make(totalSteps: Int) -> LearningRateSchedule {
        .cosine(total: max(1, totalSteps), warmUp: totalSteps / 20, floor: 0)
    }
}

extension ScheduleRecipe where Self == ConstantScheduleRecipe {
    /// The same learning rate throughout.
    public static var constant: ConstantScheduleRecipe { ConstantScheduleRecipe() }
}

extension ScheduleRecipe where Self == StepScheduleRecipe {
    /// A tenth of the learning rate after two thirds of the run.
    public static var step: StepScheduleRecipe { StepScheduleRecipe() }
}

extension ScheduleRecipe where Self == CosineScheduleRecipe {
    /// Up in the first twentieth, then down to zero along half a cosine.
    public static var cosine: CosineScheduleRecipe { CosineScheduleRecipe() }
}
