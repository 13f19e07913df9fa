import CommandLineKit
import Testing

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("trian", "train", 1),
        ("ab", "ba", 1), ("ca", "abc", 3), ("epoch", "epochs", 1), ("same", "same", 0),
    ])
    func theDistanceIsTheLeastNumberOfEdits(a: String, b: String, expected: Int) {
        #expect(editDistance(a, b) == expected)
        #expect(editDistance(b, a) == expected)
    }

    @Test(arguments: [
        ("mnits", "mnist"), ("MNIST", "mnist"), ("fashion", "fashion-mnist"), ("cifar", "cifar10"),
        ("xyz", nil), ("", nil), ("q", nil),
    ])
    func aNearCandidateIsFoundAndAFarOneIsNot(word: String, expected: String?) {
        #expect(nearest(to: word, among: ["mnist", "fashion-mnist", "cifar10", "sprites"]) == expected)
    }

    @Test func anAmbiguousBeginningSuggestsNothing() {
        #expect(nearest(to: "lear", among: ["learning-rate", "learning-rate-schedule"]) == nil)
    }
}
