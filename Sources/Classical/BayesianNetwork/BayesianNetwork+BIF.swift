import Formats
import Foundation

extension BayesianNetwork {
    /// What the file says of a hidden variable: `property "hidden = true";`.
    private static let hiddenProperty = "hidden = true"

    /// Reads a network from a BIF file; of its properties, `hidden = true` of a variable alone is looked at.
    ///
    /// - Throws: `FormatError.file`, with the line where a table or an arrow is at fault.
    public init(contentsOf url: URL) throws {
        let file = try BIF.read(url)
        do {
            try self.init(file)
        } catch let error as NetworkError {
            throw FormatError.file(path: url.relativePath, Self.located(error, in: file))
        }
    }

    /// The network of a BIF file.
    ///
    /// - Throws: `NetworkError` where names, tables or arrows are at fault.
    public init(_ file: BIFNetwork) throws {
        try self.init(
            name: file.name,
            nodes: file.variables.map { variable in
                Node(
                    variable.name, variable.categories,
                    parents: variable.parents.map { file.variables[$0].name },
                    table: [variable.table],
                    // Without quotes, a property's words may stand closer together.
                    isHidden: variable.properties.contains {
                        $0.filter { !$0.isWhitespace } == Self.hiddenProperty.filter { !$0.isWhitespace }
                    })
            })
    }

    /// The network as a BIF file has it.
    public var bif: BIFNetwork {
        BIFNetwork(
            name: name,
            variables: nodes.indices.map { place in
                .init(
                    name: nodes[place].name, categories: nodes[place].categories, parents: parents[place],
                    table: nodes[place].table,
                    properties: nodes[place].isHidden ? [Self.hiddenProperty] : [])
            })
    }

    /// Writes the network as a BIF file, in place of one that is there.
    ///
    /// - Throws: `FormatError.unsupported` for a name with a double quote, `.file`.
    public func write(to url: URL) throws {
        try AtomicFile.write(try BIF.encode(bif), to: url)
    }

    /// The error with the line of the node that it is about; that of an arrow in a circle is its last node's.
    private static func located(_ error: NetworkError, in file: BIFNetwork) -> FormatError {
        let name: String? =
            switch error {
            case .malformedNode(let name, _), .notADistribution(let name, _, _): name
            case .cyclic(let path): path.last
            default: nil
            }
        guard let line = file.variables.first(where: { $0.name == name })?.line else {
            return .corrupt(.bif, reason: error.description)
        }
        return .malformedLine(.bif, line: line, reason: error.description)
    }
}
