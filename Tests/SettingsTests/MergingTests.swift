import Foundation
import Settings
import Testing

@Suite struct MergingTests {
    @Test func membersAreMergedAndTheLaterWins() {
        let base: JSONValue = ["a": 1, "b": ["c": 2, "d": [1, 2]]]
        #expect(base.merging(["b": ["d": [3]], "e": true]) == ["a": 1, "b": ["c": 2, "d": [3]], "e": true])
    }

    @Test func aChoiceOfAnotherKindReplacesTheOld() {
        let base: JSONValue = ["prior": ["kind": "mixture", "components": 5]]
        #expect(base.merging(["prior": ["kind": "vamp"]]) == ["prior": ["kind": "vamp"]])
        #expect(base.merging(["prior": "vamp"]) == ["prior": "vamp"])
        #expect(base.merging(["prior": "mixture"]) == base)
        let more: JSONValue = ["prior": ["components": 7]]
        #expect(base.merging(more) == ["prior": ["kind": "mixture", "components": 7]])
        let bare: JSONValue = ["prior": "mixture"]
        #expect(bare.merging(more) == ["prior": ["kind": "mixture", "components": 7]])
    }

    @Test func settingsWithoutAKindStayWhenOneIsNamed() {
        let part: JSONValue = ["model": ["latents": 5]]
        #expect(
            part.merging(["model": ["kind": "vae", "a": 1]]) == [
                "model": ["kind": "vae", "a": 1, "latents": 5]
            ])
    }

    @Test func leavesAreNamedByTheKeysThatLeadToThem() {
        let tree: JSONValue = ["a": 1, "b": ["c": [1, 2], "d": ["e": "x"]]]
        #expect(tree.leaves == ["a": 1, "b.c": [1, 2], "b.d.e": "x"])
    }

    @Test func aTreeComesBackFromItsText() throws {
        let tree: JSONValue = ["a": [1, 2.5, "x", true, .null], "b": ["c": 1e-12]]
        #expect(try JSONValue(parsing: Data(tree.text.utf8)) == tree)
    }
}
