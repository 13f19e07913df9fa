/// The entries of a node's table that agree with what is known of the node and its parents.
///
/// The table's entry is `base` of what is known plus `offsets` of what is not.
struct FamilyView: Sendable {
    /// The node whose table it is.
    let node: Int
    /// The members that are not known: parents in their order, then the node.
    let hidden: [Int]
    /// For each combination of the hidden members' categories, the last one's fastest: the place of its entry.
    let offsets: [Int]
    /// The other members with the distance between their categories in the table.
    private let known: [(member: Int, stride: Int)]

    init(of node: Int, in network: BayesianNetwork, isHidden: (Int) -> Bool) {
        self.node = node
        let members = network.parents[node] + [node]
        hidden = members.filter(isHidden)
        offsets = EliminationPlan.places(of: hidden, in: members, sizes: network.sizes)
        var stride = 1
        var known: [(member: Int, stride: Int)] = []
        for member in members.reversed() {
            if !isHidden(member) { known.append((member, stride)) }
            stride *= network.sizes[member]
        }
        self.known = known
    }

    /// The place of the first entry, by the categories of those members that are known.
    func base(_ category: (Int) -> Int) -> Int {
        known.reduce(0) { $0 + $1.stride * category($1.member) }
    }
}
