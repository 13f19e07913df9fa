/// A page that explains results: key figures, then sections of prose, figures, tables and commands.
///
/// One self-contained HTML file without scripts or outside references; it follows the reader's choice of
/// light or dark, fits any width and prints on paper. All text is escaped.
public struct ReportPage: Sendable {
    /// One number that a reader should take home.
    public struct KeyFigure: Sendable, Equatable {
        /// What the number is.
        public var label: String
        /// The number, formatted as it is to be read.
        public var value: String
        /// The unit, or nil for a pure number.
        public var unit: String?
        /// What to make of it, in a few words: split, sample count, standard error.
        public var note: String?

        /// A number with its meaning.
        ///
        /// - Parameters:
        ///   - label: What the number is.
        ///   - value: The number, formatted as it is to be read.
        ///   - unit: The unit, or nil for a pure number.
        ///   - note: What to make of it, in a few words.
        public init(_ label: String, value: String, unit: String? = nil, note: String? = nil) {
            self.label = label
            self.value = value
            self.unit = unit
            self.note = note
        }
    }

    /// The heading of the page and the title of its window.
    public var title: String
    /// A sentence under the heading, or nil for none.
    public var subtitle: String?
    /// A line at the page's foot that says where it comes from, or nil for none.
    public var footer: String?
    /// The numbers at the head of the page.
    public private(set) var keyFigures: [KeyFigure] = []
    /// The sections in reading order.
    public private(set) var sections: [Section] = []

    /// A page without content yet.
    ///
    /// - Parameters:
    ///   - title: The heading of the page and the title of its window.
    ///   - subtitle: A sentence under the heading, or nil for none.
    ///   - footer: A line at the page's foot that says where it comes from, or nil for none.
    public init(title: String, subtitle: String? = nil, footer: String? = nil) {
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
    }

    /// All figures in reading order.
    package var figures: [Figure] {
        sections.flatMap(\.blocks).flatMap { block -> [Figure] in
            if case .figures(let figures) = block { figures } else { [] }
        }
    }

    /// Adds a number to the head of the page.
    public mutating func add(_ figure: KeyFigure) { keyFigures.append(figure) }

    /// Adds a section at the end.
    public mutating func add(_ section: Section) { sections.append(section) }
}
