/// What an axis measures and how it is divided.
public struct Axis: Sendable, Equatable {
    /// How values are laid along an axis.
    public enum Scale: Sendable, Equatable {
        /// Equal differences take equal lengths.
        case linear
        /// Equal ratios take equal lengths; values that are not positive are left out.
        case logarithmic
    }

    /// The quantity, as a reader would call it.
    public var label: String
    /// The unit, written in parentheses after the label.
    public var unit: String?
    /// How values are laid along the axis.
    public var scale: Scale

    /// An axis for one quantity.
    ///
    /// - Parameters:
    ///   - label: The quantity, as a reader would call it.
    ///   - unit: The unit, or nil for a pure number.
    ///   - scale: How values are laid along the axis.
    public init(_ label: String, unit: String? = nil, scale: Scale = .linear) {
        self.label = label
        self.unit = unit
        self.scale = scale
    }

    /// Label and unit as one text.
    package var caption: String {
        guard let unit else { return label }
        return "\(label) (\(unit))"
    }
}

/// A horizontal or vertical line that marks one value, with a few words that say which.
public struct ReferenceLine: Sendable, Equatable {
    /// The marked value, in the axis's unit.
    public var value: Double
    /// What the value means.
    public var label: String

    /// A line at a value.
    ///
    /// - Parameters:
    ///   - value: The marked value, in the axis's unit.
    ///   - label: What the value means.
    public init(at value: Double, label: String) {
        self.value = value
        self.label = label
    }
}
