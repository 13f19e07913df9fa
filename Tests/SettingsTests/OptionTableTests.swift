import Settings
import Testing

@Suite struct OptionTableTests {
    private let table = OptionTable(Drawing.outlines)
    private let none = JSONValue.object([:])

    @Test func everyOptionIsListedOnceWithItsPlaces() throws {
        #expect(
            table.entries.map(\.name) == [
                "seed", "title", "fill", "front", "both", "limit", "width", "color", "shape", "corners",
                "angles",
            ])
        #expect(try #require(table["corners"]).places.map(\.setting) == ["shape.corners"])
        #expect(try #require(table["fill"]).isFlag)
    }

    @Test func optionsBecomeATreeThatTheFileWouldHold() throws {
        let given = [
            "seed": "7", "fill": "true", "both": "true", "color": "dark-red", "shape": "polygon",
            "corners": "5",
            "angles": "1,2",
        ]
        let tree = try table.overrides(given, on: none)
        #expect(
            tree == [
                "seed": 7, "isFilled": true, "sides": 2, "pen": ["color": "dark-red"],
                "shape": ["kind": "polygon", "corners": 5, "angles": [1, 2]],
            ])
        #expect(try Drawing(tree).shape as? Polygon == Polygon(corners: 5, angles: [1, 2]))
    }

    @Test func anOptionMayBelongToAKindOfTheBase() throws {
        let base: JSONValue = ["shape": ["kind": "polygon", "corners": 9]]
        let tree = try table.overrides(["angles": "4"], on: base)
        #expect(tree == ["shape": ["kind": "polygon", "angles": [4]]])
        #expect(base.merging(tree) == ["shape": ["kind": "polygon", "corners": 9, "angles": [4]]])
    }

    @Test(
        arguments: [
            (["corners": "5"], "'--corners' belongs to '--shape polygon'"),
            (
                ["shape": "polygon", "corners": "2"],
                "invalid value '2' for '--corners'; expected a whole number"
            ),
            (["shape": "polygon", "angles": "1,x"], "invalid value '1,x' for '--angles'; expected a list"),
            (["front": "true", "both": "true"], "'--front' and '--both' exclude each other"),
        ])
    func whatDoesNotBelongIsRefusedInALine(given: [String: String], message: String) throws {
        let error = try #require(#expect(throws: OptionError.self) { try table.overrides(given, on: none) })
        #expect(error.description.hasPrefix(message), "\(error)")
    }

    @Test func theOwnersOfAnOptionAreAllNamed() throws {
        struct Pair: Configurable {
            var shape: any ShapeRecipe = Dot()
            static let shapes = Registry<any ShapeRecipe.Type>("shape", [Dot.self, Polygon.self, Star.self])
            static var settings: [Setting<Pair>] {
                [.kind("shape", \.shape, of: shapes, option: .option("shape", help: "The shape."))]
            }
        }
        let table = OptionTable(Pair.outlines)
        let error = #expect(throws: OptionError.self) { try table.overrides(["corners": "5"], on: none) }
        #expect(error?.description == "'--corners' belongs to '--shape polygon' or 'star'")
    }
}
