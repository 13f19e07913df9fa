import Figures
import Foundation
import FoundationXML

/// What an SVG drawing says, read back with an XML parser that accepts well-formed text only.
final class SVG: NSObject, XMLParserDelegate {
    /// One element with its attributes.
    struct Element {
        let name: String
        let attributes: [String: String]
    }

    private(set) var elements: [Element] = []
    private(set) var texts: [String] = []
    private var current: String?

    /// Reads a drawing; nil when it is not well-formed XML.
    init?(_ source: String) {
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        guard parser.parse(), elements.first?.name == "svg" else { return nil }
    }

    /// The end points of every path segment whose path has the style class.
    ///
    /// Understands the absolute `M x y` and `L x y` that curves, bands and clouds are written in.
    func points(ofPathsClassed name: String) -> [(x: Double, y: Double)] {
        elements.filter { $0.name == "path" && $0.attributes["class"] == name }.flatMap { path in
            (path.attributes["d"] ?? "").split { "MLZ".contains($0) }.compactMap { segment in
                let numbers = segment.prefix { $0 != "h" && $0 != "H" }.split(separator: " ").compactMap {
                    Double($0)
                }
                return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
            }
        }
    }

    /// A text with the rectangle that it takes up, about.
    struct Box {
        let text: String
        let left: Double, right: Double, top: Double, bottom: Double

        func overlaps(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    /// The texts with their places.
    var boxes: [Box] {
        zip(texts, elements.filter { $0.name == "text" }).map { text, element in
            let kind = element.attributes["class"] ?? ""
            let size = kind.hasPrefix("middle") || kind.hasPrefix("title") ? 15.0 : 12
            let width = Markup.width(of: text, size: size)
            let (x, y) = (
                Double(element.attributes["x"] ?? "") ?? 0, Double(element.attributes["y"] ?? "") ?? 0
            )
            let left =
                switch element.attributes["text-anchor"] {
                case "middle": x - width / 2
                case "end": x - width
                default: x
                }
            return Box(text: text, left: left, right: left + width, top: y - size * 0.75, bottom: y)
        }
    }

    /// The first two texts that lie over one another, or nil.
    var overprint: (String, String)? {
        let boxes = boxes
        for one in boxes.indices {
            for other in boxes.indices.dropFirst(one + 1) where boxes[one].overlaps(boxes[other]) {
                return (boxes[one].text, boxes[other].text)
            }
        }
        return nil
    }

    /// The drawing's size.
    var size: (width: Double, height: Double) {
        let numbers = (elements[0].attributes["viewBox"] ?? "").split(separator: " ").compactMap {
            Double($0)
        }
        return (numbers[2], numbers[3])
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(Element(name: name, attributes: attributes))
        current = name == "text" ? "" : nil
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { current?.append(string) }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        if let text = current { texts.append(text) }
        current = nil
    }
}
