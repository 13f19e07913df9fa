import TestSupport
import Testing

@Suite("Child processes")
struct ChildTests {
    @Test("Standard error of a child is searched, and what it lacks is reported")
    func standardError() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            fatalError("the lamp is out")
        }
        expectStandardError(of: result, says: ["lamp", "is out"])
        withKnownIssue {
            expectStandardError(of: result, says: ["the sun"])
        } matching: {
            $0.says("lacks “the sun”")
        }
    }
}
