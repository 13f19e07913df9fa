import CommandLineKit
import Foundation
import Testing

@Suite struct ProgressBarTests {
    /// Time that passes only when told to.
    private final class FakeClock {
        var now = Duration.zero
    }

    private let capture = Capture()
    private let clock = FakeClock()

    private func bar(
        total: Int? = 400, completed: Int = 0, style: ProgressBar.Style = .bar, columns: Int = 90,
        usesUnicode: Bool = true
    ) -> ProgressBar {
        let clock = clock
        return ProgressBar(
            "epoch 1/2", total: total, completed: completed, style: style,
            on: capture.terminal(usesUnicode: usesUnicode, columns: columns), clock: { clock.now })
    }

    /// What was drawn, one after the other, in one line.
    private var frames: [String] {
        capture.text.components(separatedBy: "\r\u{1B}[K").dropFirst().map { $0 }
    }

    @Test func aBarIsDrawnTenTimesASecondAtMost() {
        let bar = bar()
        for _ in 0..<300 {
            clock.now += .milliseconds(10)
            bar.advance()
        }
        #expect(frames.count == 1 + 30)
    }

    @Test func aPostfixIsMadeOnlyWhenItIsShown() {
        let bar = bar()
        var made = 0
        func postfix() -> String {
            made += 1
            return "elbo -100"
        }
        for _ in 0..<100 {
            clock.now += .milliseconds(10)
            bar.advance(postfix: postfix())
        }
        #expect(made == 10)
        #expect(frames.last?.hasSuffix(", elbo -100]") == true)
    }

    @Test(arguments: [
        (
            91, true,
            "epoch 1/2:  37%|█████████▍               | 150/400 [00:10<00:16, 15.0 step/s, elbo -104.2]"
        ),
        (
            91, false,
            "epoch 1/2:  37%|#########                | 150/400 [00:10<00:16, 15.0 step/s, elbo -104.2]"
        ),
        (69, true, "epoch 1/2:  37%|█▏ | 150/400 [00:10<00:16, 15.0 step/s, elbo -104.2]"),
        (68, true, "epoch 1/2:  37% 150/400 [00:10<00:16, 15.0 step/s, elbo -104.2]"),
        (30, true, "epoch 1/2:  37% 150/400 [00:1"),
    ])
    func aFrameFitsTheWidth(columns: Int, usesUnicode: Bool, expected: String) {
        let bar = bar(columns: columns, usesUnicode: usesUnicode)
        clock.now += .seconds(10)
        bar.advance(by: 150, postfix: "elbo -104.2")
        #expect(frames.last == expected)
        #expect(expected.count < columns)
    }

    @Test func withoutATotalThereIsNoBarAndNoEnd() {
        let bar = bar(total: nil)
        clock.now += .seconds(4)
        bar.advance(by: 2)
        #expect(frames.last == "epoch 1/2: 2 [00:04, 2.0 s/step]")
    }

    @Test func whatAnEarlierRunDidCountsForTheShareButNotForTheRate() {
        let bar = bar(completed: 300, style: .lines(every: .seconds(1)))
        clock.now += .seconds(10)
        bar.advance(by: 50)
        #expect(capture.text == "epoch 1/2:  87% 350/400 [00:10<00:10, 5.0 step/s]\n")
    }

    @Test func theRateFollowsAChangeOfPaceAndTheLastLineShowsTheMean() {
        let bar = bar(style: .lines(every: .seconds(10)))
        clock.now += .seconds(10)
        bar.advance(by: 100)
        clock.now += .seconds(10)
        bar.advance(by: 200)
        clock.now += .seconds(3580)
        bar.finish(postfix: "done")
        #expect(
            capture.text == """
                epoch 1/2:  25% 100/400 [00:10<00:30, 10.0 step/s]
                epoch 1/2:  75% 300/400 [00:20<00:07, 13.0 step/s]
                epoch 1/2:  75% 300/400 [1:00:00<20:00, 12.0 s/step, done]

                """)
    }

    @Test func elsewhereThanOnATerminalLinesComeNoOftenerThanTheInterval() {
        let bar = bar(style: .lines(every: .seconds(10)))
        for _ in 0..<350 {
            clock.now += .milliseconds(100)
            bar.advance()
        }
        #expect(capture.text.split(separator: "\n").count == 3)
        #expect(!capture.text.contains("\r"))
    }

    @Test func aMessageStandsAboveTheBarWhichIsDrawnAgain() {
        let bar = bar(columns: 50)
        bar.print("step 3 skipped")
        let empty = "epoch 1/2:   0%|                | 0/400 [00:00<?]"
        #expect(frames == [empty, "step 3 skipped\n", empty])
    }

    @Test func aSilentBarWritesMessagesOnly() {
        let bar = bar(style: .silent)
        clock.now += .seconds(60)
        bar.advance(by: 400)
        bar.print("step 3 skipped")
        bar.finish()
        #expect(capture.text == "step 3 skipped\n")
    }

    @Test func finishingEndsTheLineOnce() {
        let bar = bar()
        clock.now += .seconds(2)
        bar.advance(by: 400)
        bar.finish()
        bar.finish()
        bar.advance()
        #expect(frames.last?.hasPrefix("epoch 1/2: 100%|███") == true)
        #expect(capture.text.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
        #expect(capture.text.hasSuffix("]\n"))
    }

    @Test(arguments: [
        (true, true, ProgressBar.Style.silent), (true, false, .silent), (false, true, .bar),
        (false, false, .lines(every: .seconds(10))),
    ])
    func theStyleFollowsFromQuietAndTheTerminal(
        isQuiet: Bool, isInteractive: Bool, expected: ProgressBar.Style
    ) {
        let terminal = capture.terminal(isInteractive: isInteractive)
        #expect(ProgressBar.Style.automatic(isQuiet: isQuiet, on: terminal) == expected)
    }

    @Test func theDefaultClockNeverRunsBackwards() {
        let clock = monotonicClock()
        let times = (0..<1000).map { _ in clock() }
        #expect(times == times.sorted())
        #expect(times[0] >= .zero)
    }
}
