import Formats

/// Many small images laid out as one, such as samples or originals with their reconstructions.
///
/// Images of one grid have one size; where any has colours, the grid has.
public struct ImageGrid: Sendable, Equatable {
    /// How many images stand in a row.
    public var columns: Int
    /// Empty pixels between neighbours and around the whole, after enlarging.
    public var padding: Int
    /// How many pixels each pixel becomes in both directions, by repetition.
    public var scale: Int
    /// The grey level of empty pixels; dark by default, so that it keeps quiet on light and dark pages.
    public var background: UInt8

    /// A layout.
    ///
    /// - Parameters:
    ///   - columns: How many images stand in a row.
    ///   - padding: Empty pixels between neighbours and around the whole, after enlarging.
    ///   - scale: How many pixels each pixel becomes in both directions, by repetition.
    ///   - background: The grey level of empty pixels.
    /// - Precondition: `columns` and `scale` are positive, `padding` is not negative.
    public init(columns: Int, padding: Int = 2, scale: Int = 1, background: UInt8 = 56) {
        precondition(
            columns > 0 && padding >= 0 && scale > 0,
            "ImageGrid of \(columns) columns, padding \(padding), scale \(scale): the first and the last must "
                + "be positive, the padding not negative.")
        self.columns = columns
        self.padding = padding
        self.scale = scale
        self.background = background
    }

    /// The images row by row, the last row filled up with empty pixels.
    ///
    /// - Precondition: There is at least one image, and all have one size.
    public func tiled(_ images: [ImageBuffer]) -> ImageBuffer {
        let rows = stride(from: 0, to: images.count, by: columns).map {
            Array(images[$0..<min($0 + columns, images.count)])
        }
        return drawn(rows, gapsAbove: rows.map { _ in padding })
    }

    /// Every image of the first list with its partner of the second below it, in double rows.
    ///
    /// Partners touch at a line of one pixel (none without padding); double rows stand three paddings apart,
    /// so that the eye reads what belongs together.
    ///
    /// - Precondition: Both lists have the same count, at least one, and all images have one size.
    public func paired(originals: [ImageBuffer], reconstructions: [ImageBuffer]) -> ImageBuffer {
        precondition(
            originals.count == reconstructions.count,
            "ImageGrid.paired: \(originals.count) originals and \(reconstructions.count) reconstructions.")
        var rows: [[ImageBuffer]] = []
        var gaps: [Int] = []
        for first in stride(from: 0, to: originals.count, by: columns) {
            let range = first..<min(first + columns, originals.count)
            rows += [Array(originals[range]), Array(reconstructions[range])]
            gaps += [first == 0 ? padding : padding * 3, min(padding, 1)]
        }
        return drawn(rows, gapsAbove: gaps)
    }

    /// Rows of images, each below a gap of its own.
    private func drawn(_ rows: [[ImageBuffer]], gapsAbove gaps: [Int]) -> ImageBuffer {
        guard let first = rows.first?.first else {
            preconditionFailure("ImageGrid: there is no image to draw.")
        }
        for image in rows.joined() {
            precondition(
                image.width == first.width && image.height == first.height,
                "ImageGrid: an image of \(image.width) by \(image.height) pixels among those of \(first.width) "
                    + "by \(first.height).")
        }
        let channels = rows.joined().contains { $0.channels == 3 } ? 3 : 1
        let shown = rows.map(\.count).max() ?? 0
        let (cellWidth, cellHeight) = (first.width * scale, first.height * scale)
        var grid = ImageBuffer(
            width: shown * (cellWidth + padding) + padding,
            height: gaps.reduce(0, +) + rows.count * cellHeight + padding,
            channels: channels, filledWith: background)
        var top = 0
        for (row, gap) in zip(rows, gaps) {
            top += gap
            for (column, image) in row.enumerated() {
                let left = padding + column * (cellWidth + padding)
                place(image.converted(channels: channels), in: &grid, left: left, top: top)
            }
            top += cellHeight
        }
        return grid
    }

    private func place(_ image: ImageBuffer, in grid: inout ImageBuffer, left: Int, top: Int) {
        let channels = image.channels
        for y in 0..<image.height * scale {
            let source = y / scale * image.width
            let target = (top + y) * grid.width + left
            for x in 0..<image.width * scale {
                for channel in 0..<channels {
                    grid.pixels[(target + x) * channels + channel] =
                        image.pixels[(source + x / scale) * channels + channel]
                }
            }
        }
    }
}
