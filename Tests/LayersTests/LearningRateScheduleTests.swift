import Foundation
import Layers
import TestSupport
import Testing

@Suite("Learning rate schedules")
struct LearningRateScheduleTests {
    @Test("constant is the base rate", arguments: [0, 1, 1_000_000])
    func constant(step: Int) {
        #expect(LearningRateSchedule.constant.learningRate(at: step, base: 0.3) == 0.3)
    }

    @Test(
        "the step schedule falls after each interval",
        arguments: [(0, 1.0), (9, 1.0), (10, 0.5), (19, 0.5), (20, 0.25), (35, 0.125)])
    func step(step: Int, expected: Double) {
        let schedule = LearningRateSchedule.step(interval: 10, factor: 0.5)
        expectClose(schedule.learningRate(at: step, base: 2), 2 * expected, relative: 1e-12)
    }

    /// Warm-up in quarters; from there (1 + cos πt) / 2 of the way from floor to base: 1, ½ + √½/2, ½, …, 0.
    @Test(
        "the cosine schedule rises, falls and stays at its floor",
        arguments: [
            (0, 0.25), (1, 0.5), (3, 1.0), (4, 1.0), (6, 0.1 + 0.9 * (0.5 + 0.125.squareRoot())), (8, 0.55),
            (12, 0.1), (100, 0.1),
        ])
    func cosine(step: Int, expected: Double) {
        let schedule = LearningRateSchedule.cosine(total: 12, warmUp: 4, floor: 0.1)
        expectClose(schedule.learningRate(at: step, base: 2), 2 * expected, relative: 1e-12)
    }

    @Test("without warm-up the cosine schedule begins at the base rate")
    func noWarmUp() {
        #expect(LearningRateSchedule.cosine(total: 5, warmUp: 0, floor: 0).learningRate(at: 0, base: 3) == 3)
    }

    @Test(
        "a schedule survives its JSON",
        arguments: [
            LearningRateSchedule.constant, .step(interval: 3, factor: 0.5),
            .cosine(total: 9, warmUp: 2, floor: 0.01),
        ])
    func codable(schedule: LearningRateSchedule) throws {
        let data = try JSONEncoder().encode(schedule)
        #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
        try schedule.validate()
    }

    @Test(
        "a setting out of range is refused",
        arguments: [
            LearningRateSchedule.step(interval: 0, factor: 0.5), .step(interval: 1, factor: 0),
            .step(interval: 1, factor: 1.5), .cosine(total: 4, warmUp: 4, floor: 0),
            .cosine(total: 4, warmUp: -1, floor: 0), .cosine(total: 4, warmUp: 0, floor: .nan),
        ])
    func refused(schedule: LearningRateSchedule) {
        #expect(throws: LayersError.self) { try schedule.validate() }
    }
}
