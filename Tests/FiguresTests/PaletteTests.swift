import Figures
import Foundation
import Testing

/// The colors as a drawing's style sheet has them.
@Suite struct PaletteTests {
    /// Red, green and blue in linear light, 0…1.
    private typealias Light = [Double]

    /// A kind of eyes with what they make of linear light, at full severity.
    ///
    /// Source: Machado, Oliveira, Fernandes 2009, table 1, doi:10.1109/TVCG.2009.113.
    private static let eyes: [(name: String, matrix: [[Double]], least: Double)] = [
        ("most", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 16),
        (
            "protanopia",
            [
                [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ], 10
        ),
        (
            "deuteranopia",
            [
                [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ], 10
        ),
        (
            "tritanopia",
            [
                [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ], 8.5
        ),
    ]

    /// The colors for white paper, then those for dark paper, with the paper.
    private static func palettes() -> [(paper: String, colors: [String])] {
        let style = LineChart(xAxis: Axis("x"), yAxis: Axis("y"), series: []).svg()
        let colors = style.matches(of: /\.plot \.c(\d+)\{color:(#[0-9a-f]{6})\}/).map { String($0.2) }
        return [("#ffffff", Array(colors.prefix(10))), ("#14181d", Array(colors.dropFirst(10)))]
    }

    private static func light(_ hex: String) -> Light {
        let value = Int(hex.dropFirst(), radix: 16)!
        return [value >> 16, value >> 8 & 255, value & 255].map { byte in
            let level = Double(byte) / 255
            return level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)
        }
    }

    private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
        matrix.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// Lightness and the two opponents, in hundredths, in which equal distances look about equal.
    ///
    /// Source: Ottosson 2020, "A perceptual color space for image processing" (OKLab).
    private static func perceived(_ light: Light, by matrix: [[Double]]) -> [Double] {
        let seen = product(matrix, light).map { min(max($0, 0), 1) }
        let cones = product(
            [
                [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ], seen)
        return product(
            [
                [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ], cones.map { 100 * cbrt($0) })
    }

    private static func distance(_ one: [Double], _ other: [Double]) -> Double {
        zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    @Test("Any two of the ten colors are far apart for all kinds of eyes, and the first four farther")
    func distances() throws {
        for (paper, colors) in Self.palettes() {
            try #require(colors.count == 10)
            for (name, matrix, least) in Self.eyes {
                let seen = colors.map { Self.perceived(Self.light($0), by: matrix) }
                for one in seen.indices {
                    for other in seen.indices.dropFirst(one + 1) {
                        let found = Self.distance(seen[one], seen[other])
                        let wanted = other < 4 ? max(least, 14) : least
                        #expect(
                            found >= wanted,
                            "\(colors[one]) and \(colors[other]) on \(paper), \(name) eyes: \(found)")
                    }
                }
            }
        }
    }

    @Test("Every color stands out from its paper by a contrast of 3, as WCAG asks of graphics")
    func contrasts() {
        func luminance(_ hex: String) -> Double {
            let light = Self.light(hex)
            return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
        }
        for (paper, colors) in Self.palettes() {
            for color in colors {
                let pair = [luminance(paper), luminance(color)].sorted()
                #expect((pair[1] + 0.05) / (pair[0] + 0.05) >= 3, "\(color) on \(paper)")
            }
        }
    }

    /// The measure itself: white and black are 100 apart, and red and green come together under deuteranopia.
    @Test("The distance is that of the color space")
    func measure() {
        func seen(_ hex: String, _ eye: Int) -> [Double] {
            Self.perceived(Self.light(hex), by: Self.eyes[eye].matrix)
        }
        #expect(abs(Self.distance(seen("#ffffff", 0), seen("#000000", 0)) - 100) < 0.1)
        let (red, green) = ("#c05000", "#787800")
        #expect(Self.distance(seen(red, 2), seen(green, 2)) < Self.distance(seen(red, 0), seen(green, 0)) / 2)
    }
}
