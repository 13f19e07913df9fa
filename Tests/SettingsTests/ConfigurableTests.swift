import Foundation
import Settings
import Testing

@Suite struct ConfigurableTests {
    private func drawing(_ text: String) throws -> Drawing {
        try JSONDecoder().decode(Drawing.self, from: Data(text.utf8))
    }

    @Test func settingsComeBackFromJSON() throws {
        var drawing = Drawing()
        drawing.seed = UInt64(Int.max)
        drawing.title = "a \"b\""
        drawing.opacity = 0.1 + 0.2
        drawing.isFilled = true
        drawing.limit = 4
        drawing.pen.color = .darkRed
        drawing.shape = Polygon(corners: 7, angles: [])
        let data = try JSONEncoder().encode(drawing)
        #expect(try JSONDecoder().decode(Drawing.self, from: data) == drawing)
    }

    @Test func missingKeysTakeTheDefaultsAndAbsentOnesAreLeftOut() throws {
        #expect(try drawing("{}") == Drawing())
        #expect(try drawing(#"{"title": null, "unheardOf": null}"#) == Drawing())
        #expect(Drawing().json["title"] == nil)
        #expect(Drawing().json["shape"] == ["kind": "dot"])
    }

    @Test func aBareNameIsAKindWithItsDefaults() throws {
        #expect(try drawing(#"{"shape": "polygon"}"#) == drawing(#"{"shape": {"kind": "polygon"}}"#))
        #expect(try drawing(#"{"shape": "polygon"}"#).shape as? Polygon == Polygon())
    }

    @Test(
        arguments: [
            (#"{"seed": -1}"#, "seed is -1; allowed: a whole number from 0 to 9223372036854775807"),
            (#"{"seed": 9223372036854775808}"#, "seed is 9.223372036854776e+18; allowed: a whole number"),
            (
                #"{"seed": 1e400}"#,
                "seed is a number too large or too small to be held; allowed: 0, or a number from"
            ),
            (
                #"{"shape": {"kind": "polygon", "angles": [60, 1e400]}}"#,
                "shape.angles.1 is a number too large"
            ),
            (#"{"seed": "7"}"#, "seed is 7; allowed: a whole number"),
            (#"{"seed": 1.5}"#, "seed is 1.5; allowed"),
            (#"{"seed": true}"#, "seed is true; allowed"), (#"{"seed": null}"#, "seed is null; allowed"),
            (#"{"title": ""}"#, "title is ; allowed: a text"),
            (#"{"title": 3}"#, "title is 3; allowed: a text"),
            (#"{"opacity": 1}"#, "opacity is 1; allowed: a number from 0 to below 1"),
            (#"{"isFilled": 1}"#, "isFilled is 1; allowed: true or false"),
            (#"{"limit": 10}"#, "limit is 10; allowed: a whole number from 1 to 9"),
            (#"{"pen": 3}"#, "pen is 3; allowed: an object of settings"),
            (#"{"pen": {"width": 1e-320}}"#, "pen.width is 1e-320; allowed: a number from 0.001 to 100"),
            (#"{"pen": {"width": 1e308}}"#, "pen.width is 1e+308; allowed: a number from 0.001 to 100"),
            (#"{"pen": {"color": "rde"}}"#, "pen.color is rde; allowed: one of red, dark-red"),
            (#"{"pen": {"wdith": 1}}"#, "unknown setting 'pen.wdith'; known here: color, width"),
            (#"{"shap": "dot"}"#, "unknown setting 'shap'; known here: isFilled, limit, "),
            (#"{"shape": "dto"}"#, "shape is dto; this program knows dot, polygon"),
            (#"{"shape": {"kind": "dto"}}"#, "shape is dto; this program knows dot, polygon"),
            (#"{"shape": {}}"#, "shape is {}; allowed: the name of a shape, or an object with its \"kind\""),
            (#"{"shape": [1]}"#, "shape is [1]; allowed: the name of a shape"),
            (#"{"shape": {"kind": "dot", "corners": 3}}"#, "unknown setting 'shape.corners'"),
            (#"{"shape": {"kind": "polygon", "corners": 2}}"#, "shape.corners is 2; allowed"),
            (
                #"{"shape": {"kind": "polygon", "angles": [60, 0]}}"#,
                "shape.angles is [60, 0]; allowed: a list"
            ),
            (#"{"shape": {"kind": "polygon", "angles": 60}}"#, "shape.angles is 60; allowed: a list"),
            ("[]", "the value is []; allowed: an object of settings"), ("3", "the value is 3; allowed"),
        ])
    func whatIsMalformedIsRefusedInALine(json: String, message: String) throws {
        let error = try #require(#expect(throws: SettingsError.self) { try drawing(json) })
        #expect(error.description.hasPrefix(message), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: ["", "{", #"{"seed": nan}"#, "{} {}"])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: SettingsError.notJSON) { try JSONValue(parsing: Data(text.utf8)) }
    }

    /// A value set in a program meets the same check, with the same words.
    @Test func validationChecksEverySettingWithTheWordsOfTheFile() throws {
        var drawing = Drawing()
        drawing.pen.width = .nan
        #expect(
            throws: SettingsError.invalid(
                setting: "pen.width", value: "nan", allowed: "a number from 0.001 to 100")
        ) { try drawing.validate() }
        drawing.pen.width = 1
        drawing.shape = Polygon(corners: 3, angles: [1, 2, 3])
        let error = #expect(throws: SettingsError.self) { try drawing.validate() }
        #expect(error?.setting == "shape.angles")
        try Drawing().validate()
    }

    @Test func whatTheUserDidNotChooseSuitsTheData() {
        let data = DataTraits(elements: .real, exampleShape: [2], count: 8)
        var drawing = Drawing()
        drawing.shape = Polygon()
        drawing.adapt(to: data, given: .object([:]))
        #expect((drawing.shape as? Polygon)?.corners == 8)
        drawing.shape = Polygon()
        drawing.adapt(to: data, given: ["shape": ["kind": "polygon", "corners": 3]])
        #expect((drawing.shape as? Polygon)?.corners == 3)
    }

    @Test func anotherPackageAddsAKind() throws {
        let registry = Registry<any ShapeRecipe.Type>("shape", [Dot.self])
        #expect(throws: SettingsError.self) { try registry.choice("star") }
        registry.register(Star.self)
        #expect(registry.names == ["dot", "star"])
        let choice = try registry.choice(["kind": "star", "corners": 6])
        #expect((choice as? Star)?.corners == 6)
    }
}
