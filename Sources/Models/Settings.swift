import Settings

/// Throws unless a setting suits the others.
func require(_ holds: Bool, _ setting: String, _ value: Any, _ allowed: @autoclosure () -> String) throws {
    try SettingsError.require(holds, setting, value, allowed())
}

/// The ranges that several settings share.
enum Limits {
    /// Widths of layers, channels, components.
    static let width = 1...65_536
    /// Layers of a flow.
    static let layers = 1...1000
    /// Sides and channels of an example: the product of three is still an Int.
    static let side = 1...1_000_000
    /// The most values that an example may have: what a network of the widest layers makes of them can be counted.
    static let values = 1 << 28
}

/// The setting that all models have: the shape of an example.
func exampleShapeSetting<Root: Configurable>(
    _ path: WritableKeyPath<Root, [Int]> & Sendable
) -> Setting<Root> {
    Setting(
        "exampleShape", path,
        .list(of: .integer(in: Limits.side), count: 1...3)
            .requiring("\(Limits.values) values in all at most") { $0.reduce(1, *) <= Limits.values })
}

/// Throws unless a flow with networks between elements has at least two of them.
func requireElements(_ count: Int, _ setting: String) throws {
    try require(count >= 2, setting, count, "at least 2 with a flow whose networks lead between elements")
}

/// The settings that all flows of a few layers have.
func flowSettings<Root: Configurable>(
    _ layers: WritableKeyPath<Root, Int> & Sendable, _ hidden: WritableKeyPath<Root, [Int]> & Sendable
) -> [Setting<Root>] {
    [
        .integer("layers", layers, in: Limits.layers, .option("flow-layers", help: "Layers of the flow.")),
        .integers(
            "hidden", hidden, in: Limits.width,
            .option("flow-hidden", help: "Widths of the network in each layer of the flow.")),
    ]
}
