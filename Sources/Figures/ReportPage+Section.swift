import Formats
import Foundation

extension ReportPage {
    /// A part of the page under one heading.
    public struct Section: Sendable {
        /// What a section is made of.
        enum Block: Sendable {
            case paragraph(String)
            case figures([Figure])
            case table(Table)
            case command(String)
        }

        /// The heading.
        public var heading: String
        private(set) var blocks: [Block] = []

        /// A section without content yet.
        public init(_ heading: String) { self.heading = heading }

        /// Adds a paragraph of prose.
        public mutating func add(paragraph: String) { blocks.append(.paragraph(paragraph)) }

        /// Adds a figure over the full width.
        public mutating func add(_ figure: Figure) { blocks.append(.figures([figure])) }

        /// Adds figures side by side, below one another where the page is narrow.
        public mutating func add(sideBySide figures: [Figure]) { blocks.append(.figures(figures)) }

        /// Adds a table.
        public mutating func add(_ table: Table) { blocks.append(.table(table)) }

        /// Adds a command, or several lines of them, to be copied.
        public mutating func add(command: String) { blocks.append(.command(command)) }
    }

    /// A chart or a picture with a caption; the page numbers them in reading order.
    public struct Figure: Sendable {
        enum Content: Sendable {
            case plot(any Plot)
            case image(ImageBuffer, enlargement: Int)
        }

        /// What to call a file of the figure alone, without extension; nil for none.
        public var name: String?
        /// What one sees and what to look for.
        public var caption: String
        let content: Content

        /// A chart.
        ///
        /// - Parameters:
        ///   - plot: The chart.
        ///   - name: What to call a file of the figure alone, without extension; nil for none.
        ///   - caption: What one sees and what to look for.
        public init(_ plot: any Plot, name: String? = nil, caption: String) {
            self.name = name
            self.caption = caption
            content = .plot(plot)
        }

        /// A picture, kept as PNG inside the page.
        ///
        /// - Parameters:
        ///   - image: The picture.
        ///   - enlargement: How many units of the page a pixel measures in both directions.
        ///   - name: What to call a file of the figure alone, without extension; nil for none.
        ///   - caption: What one sees and what to look for.
        /// - Precondition: `enlargement` is positive.
        public init(_ image: ImageBuffer, enlargement: Int = 1, name: String? = nil, caption: String) {
            precondition(enlargement > 0, "ReportPage.Figure: enlargement \(enlargement) must be positive.")
            self.name = name
            self.caption = caption
            content = .image(image, enlargement: enlargement)
        }

        /// The figure as a file of its own, SVG or PNG; nil for a figure without a name.
        package var file: (name: String, data: Data)? {
            name.map { name in
                switch content {
                case .plot(let plot): (name + ".svg", Data(plot.svg().utf8))
                case .image(let image, _): (name + ".png", PNG.encode(image))
                }
            }
        }
    }

    /// Rows of text and numbers under headings; the page numbers tables in reading order.
    public struct Table: Sendable, Equatable {
        /// A column's heading and the side its cells keep to.
        public struct Column: Sendable, Equatable {
            /// The heading.
            public var heading: String
            /// Whether cells are numbers: kept to the right, so that equal decimals stand below one another.
            public var isNumeric: Bool

            /// A column of text.
            public static func text(_ heading: String) -> Column {
                Column(heading: heading, isNumeric: false)
            }

            /// A column of numbers, formatted with equal decimals.
            public static func number(_ heading: String) -> Column {
                Column(heading: heading, isNumeric: true)
            }
        }

        /// What the table shows, or nil for a table that needs no word.
        public var caption: String?
        /// The columns from left to right.
        public let columns: [Column]
        /// The cells, row by row.
        public let rows: [[String]]

        /// A table.
        ///
        /// - Parameters:
        ///   - columns: The columns from left to right.
        ///   - rows: The cells, row by row.
        ///   - caption: What the table shows, or nil for a table that needs no word.
        /// - Precondition: Every row has as many cells as there are columns.
        public init(columns: [Column], rows: [[String]], caption: String? = nil) {
            for (index, row) in rows.enumerated() {
                precondition(
                    row.count == columns.count,
                    "ReportPage.Table: row \(index) has \(row.count) cells for \(columns.count) columns.")
            }
            self.columns = columns
            self.rows = rows
            self.caption = caption
        }
    }
}
