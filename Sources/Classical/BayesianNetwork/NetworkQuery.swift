/// A question to a network: P(A, B=b | C=c, D=d).
public struct NetworkQuery: Sendable, Equatable {
    /// The places of the nodes that are asked for, in their order.
    public let targets: [Int]
    /// The categories that are asked for alone, by the places of their nodes.
    public let chosen: [Int: Int]
    /// What is given: the category of nodes by their places.
    public let evidence: [Int: Int]

    /// Reads a question to a network.
    ///
    /// Names may stand in double quotes, and must where they hold one of `,|=()`.
    ///
    /// - Throws: `NetworkError`: `.malformedQuery`, `.unknownNode`, `.unknownCategory`.
    public init(parsing text: String, to network: BayesianNetwork) throws {
        var parser = Parser(text)
        try parser.expect("P")
        try parser.expect("(")
        var targets: [Int] = []
        var chosen: [Int: Int] = [:]
        var evidence: [Int: Int] = [:]
        repeat {
            let (place, category) = try parser.term(of: network)
            guard !targets.contains(place) else {
                throw parser.failure("'\(network.nodes[place].name)' is asked for twice")
            }
            targets.append(place)
            chosen[place] = category
        } while parser.accept(",")
        if parser.accept("|") {
            repeat {
                let (place, category) = try parser.term(of: network)
                let name = network.nodes[place].name
                guard let category else { throw parser.failure("'\(name)' is given without a category") }
                guard evidence.updateValue(category, forKey: place) == nil else {
                    throw parser.failure("'\(name)' is given twice")
                }
            } while parser.accept(",")
        }
        try parser.expect(")")
        guard parser.isAtEnd else { throw parser.failure("something follows the ')'") }
        (self.targets, self.chosen, self.evidence) = (targets, chosen, evidence)
    }

    /// Whether the categories of the targets, in their order, are among those that are asked for.
    public func asks(for categories: [Int]) -> Bool {
        zip(targets, categories).allSatisfy { chosen[$0] == nil || chosen[$0] == $1 }
    }
}

private struct Parser {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

    func failure(_ reason: String) -> NetworkError { .malformedQuery(text: text, reason: reason) }

    mutating func accept(_ mark: Character) -> Bool {
        rest = rest.drop { $0.isWhitespace }
        guard rest.first == mark else { return false }
        rest.removeFirst()
        return true
    }

    mutating func expect(_ mark: Character) throws {
        guard accept(mark) else {
            throw failure("expected '\(mark)'" + (rest.isEmpty ? " at the end" : " before '\(rest)'"))
        }
    }

    /// `Node` or `Node=category`.
    mutating func term(of network: BayesianNetwork) throws -> (place: Int, category: Int?) {
        let place = try network.place(of: name("a node"))
        guard accept("=") else { return (place, nil) }
        return (place, try network.category(name("a category"), ofNode: place))
    }

    private mutating func name(_ what: String) throws -> String {
        if accept("\"") {
            guard let end = rest.firstIndex(of: "\"") else { throw failure("a quote is not closed") }
            let name = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            return name
        }
        rest = rest.drop { $0.isWhitespace }
        var name = rest.prefix { !",|=()\"".contains($0) }
        rest = rest[name.endIndex...]
        while name.last?.isWhitespace == true { name.removeLast() }
        guard !name.isEmpty else { throw failure("\(what) is missing") }
        return String(name)
    }
}
