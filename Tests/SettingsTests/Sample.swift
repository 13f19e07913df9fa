import Settings

/// A family with two kinds, one without settings.
protocol ShapeRecipe: Choice {}

struct Dot: ShapeRecipe {
    static let kind = "dot"
    static let help = "A dot."
    static var settings: [Setting<Dot>] { [] }
}

struct Polygon: ShapeRecipe {
    var corners = 3
    var angles = [60, 60]

    static let kind = "polygon"
    static let help = "A polygon."
    static var settings: [Setting<Polygon>] {
        [
            .integer("corners", \.corners, in: 3...100, .option("corners", help: "How many corners.")),
            .integers(
                "angles", \.angles, in: 1...179, count: 0...9, .option("angles", help: "Their angles.")),
        ]
    }

    func validate() throws {
        try checkSettings()
        try SettingsError.require(
            angles.count < corners, "angles", angles, "fewer than the corners, \(corners)")
    }

    mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["corners"] == nil { corners = max(3, data.count) }
    }
}

/// What another package would add.
struct Star: ShapeRecipe {
    var corners = 5

    static let kind = "star"
    static let help = "A star."
    static var settings: [Setting<Star>] {
        [.integer("corners", \.corners, in: 5...9, .option("corners", help: "How many points."))]
    }
}

enum Color: String, CaseIterable {
    case red
    case darkRed = "dark-red"
}

struct Pen: Configurable {
    var width = 1.0
    var color = Color.red

    static var settings: [Setting<Pen>] {
        [
            .number("width", \.width, in: 1e-3...100, .option("width", help: "The width.")),
            .choice("color", \.color, .option("color", help: "The color.")),
        ]
    }
}

struct Drawing: Configurable {
    var seed: UInt64 = 0
    var title: String?
    var opacity = 0.5
    var isFilled = false
    var sides = 0
    var limit: Int?
    var pen = Pen()
    var shape: any ShapeRecipe = Dot()

    static let shapes = Registry<any ShapeRecipe.Type>("shape", [Dot.self, Polygon.self])

    static var settings: [Setting<Drawing>] {
        [
            .integer("seed", \.seed, in: 0...Int.max, .option("seed", usual: true, help: "The seed.")),
            Setting(optional: "title", \.title, .text, option: .option("title", help: "The title.")),
            .number("opacity", \.opacity, in: 0..<1),
            .flag("isFilled", \.isFilled, .option("fill", help: "Fills it.")),
            .integer(
                "sides", \.sides, in: 0...2,
                .flags(.init("front", 1, help: "Only the front."), .init("both", 2, help: "Both sides."))),
            .integer(optional: "limit", \.limit, in: 1...9, .option("limit", help: "A limit.")),
            .nested("pen", \.pen),
            .kind("shape", \.shape, of: shapes, option: .option("shape", help: "The shape.")),
        ]
    }
}
