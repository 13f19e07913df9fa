/// What a Bayesian network, a question to it or data for it can get wrong.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
    /// A node's definition contradicts itself or the others.
    case malformedNode(name: String, reason: String)
    /// The arrows lead from a node back to itself.
    case cyclic(path: [String])
    /// A row of a table does not sum to one.
    case notADistribution(node: String, row: String, sum: Double)
    /// No node has this name.
    case unknownNode(name: String, known: [String])
    /// A node has no category of this name.
    case unknownCategory(node: String, name: String, known: [String])
    /// A question is not of the form P(A, B | C=c, D=d).
    case malformedQuery(text: String, reason: String)
    /// Arrows are not of the form A -> B, A -> C.
    case malformedStructure(text: String, reason: String)
    /// What is given has probability zero.
    case impossibleEvidence(String)
    /// No draw, or no row, agrees with what is given.
    case noneAgree(evidence: String, count: Int, what: String)
    /// Inference would need a table larger than any memory.
    case tooWide(node: String, entries: Double)
    /// A question is about more nodes together than an answer has room for.
    case jointTooWide(nodes: Int, entries: Double)
    /// A table of data does not fit the network.
    case data(reason: String)
    /// A node that is not hidden has no column, or an empty one; `columns` are those there are in the first case.
    case unobserved(node: String, columns: [String]?)
    /// A row of data has probability zero under the tables that learning starts with.
    case impossibleRow(Int)

    /// One line: what, where, what is allowed.
    public var description: String {
        switch self {
        case .malformedNode(let name, let reason): "node '\(name)': \(reason)"
        case .cyclic(let path):
            "the network is cyclic: \(path.joined(separator: " -> ")); take one of these arrows out"
        case .notADistribution(let node, let row, let sum):
            "the table of node '\(node)' sums to \(sum)\(row.isEmpty ? "" : " where \(row)"), not to 1"
        case .unknownNode(let name, let known):
            "there is no node '\(name)'; there are: \(Self.list(known))"
        case .unknownCategory(let node, let name, let known):
            "'\(name)' is no category of node '\(node)'; there are: \(Self.list(known))"
        case .malformedQuery(let text, let reason):
            "'\(text)' is no query: \(reason); write P(A, B=b | C=c, D=d)"
        case .malformedStructure(let text, let reason):
            "'\(text)' is no structure: \(reason); write 'A -> B, A -> C; B -> D' or the path of a .bif file"
        case .impossibleEvidence(let evidence):
            "\(evidence) has probability zero, so that nothing follows from it; check what is given"
        case .noneAgree(let evidence, let count, let what):
            "none of \(count) \(what) has \(evidence); take more of them, or the exact method"
        case .tooWide(let node, let entries):
            "exact inference would need a table of \(entries) numbers at node '\(node)'; take a sampling method"
        case .jointTooWide(let nodes, let entries):
            "\(nodes) nodes have \(entries) combinations together; ask for fewer nodes at a time"
        case .data(let reason): reason
        case .unobserved(let node, let columns):
            (columns == nil ? "column '\(node)' is empty" : "node '\(node)' is no column")
                + "; make it a hidden node with a number of categories"
                + (columns.map { ", or name a column: \($0.joined(separator: ", "))" } ?? "")
        case .impossibleRow(let row):
            "row \(row) has probability zero under the tables to start with; start from random ones"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
}
