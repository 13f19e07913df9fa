/// Reads the blocks of BIF text.
///
/// A probability block may stand before the variables that it names, so its numbers are put into a table at the end.
struct BIFParser {
    private struct Declaration {
        let categories: [String]
        let properties: [String]
    }

    var scanner: BIFScanner
    private var names: [String] = []
    private var declarations: [String: Declaration] = [:]
    private var blocks: [String: BIFTable] = [:]

    init(scanner: BIFScanner) { self.scanner = scanner }

    /// The whole file.
    mutating func network() throws -> BIFNetwork {
        guard scanner.token == .word("network") else {
            throw scanner.failure("expected 'network', found \(scanner.token.text); is it a BIF file?")
        }
        try scanner.advance()
        let name = try self.name("the network's name")
        try expect("{")
        let properties = try self.properties()
        while scanner.token != .end {
            switch scanner.token {
            case .word("variable"): try variable()
            case .word("probability"): try probability()
            default:
                throw scanner.failure("expected 'variable' or 'probability', found \(scanner.token.text)")
            }
        }
        return try BIFNetwork(name: name, properties: properties, variables: variables())
    }

    /// Property lines up to the brace that closes their block.
    private mutating func properties() throws -> [String] {
        var found: [String] = []
        while !(try accept("}")) {
            guard scanner.token == .word("property") else {
                throw scanner.failure("expected 'property' or '}', found \(scanner.token.text)")
            }
            try scanner.advance()
            found.append(try scanner.restOfStatement())
        }
        return found
    }

    private mutating func variable() throws {
        try scanner.advance()
        let place = scanner
        let name = try self.name("a variable's name")
        guard declarations[name] == nil else {
            throw place.failure("variable \(FormatError.quoted(name)) is declared twice")
        }
        try expect("{")
        var categories: [String]?
        var properties: [String] = []
        while !(try accept("}")) {
            switch scanner.token {
            case .word("property"):
                try scanner.advance()
                properties.append(try scanner.restOfStatement())
            case .word("type") where categories == nil:
                try scanner.advance()
                categories = try self.categories(of: name)
            default:
                throw scanner.failure(
                    "expected one 'type', 'property' or '}' in variable \(FormatError.quoted(name)), "
                        + "found \(scanner.token.text)")
            }
        }
        guard let categories else {
            throw place.failure("variable \(FormatError.quoted(name)) has no 'type discrete'")
        }
        names.append(name)
        declarations[name] = Declaration(categories: categories, properties: properties)
    }

    private mutating func categories(of name: String) throws -> [String] {
        guard scanner.token == .word("discrete") else {
            throw scanner.failure(
                "variable \(FormatError.quoted(name)) is of type \(scanner.token.text); only 'discrete' is read"
            )
        }
        try scanner.advance()
        try expect("[")
        let place = scanner
        let count = Int(try self.name("the number of categories"))
        try expect("]")
        try expect("{")
        var categories: [String] = []
        while !(try accept("}")) {
            categories.append(try self.name("a category"))
            _ = try accept(",")
        }
        try expect(";")
        guard let count, count == categories.count, count > 0 else {
            throw place.failure(
                "variable \(FormatError.quoted(name)) lists \(categories.count) categories, "
                    + "its type says \(place.token.text)")
        }
        guard Set(categories).count == count else {
            throw place.failure("variable \(FormatError.quoted(name)) lists a category twice")
        }
        return categories
    }

    private mutating func probability() throws {
        let line = scanner.line
        try scanner.advance()
        try expect("(")
        let place = scanner
        let child = try name("a variable's name")
        guard blocks[child] == nil else {
            throw place.failure("variable \(FormatError.quoted(child)) has two probability blocks")
        }
        var parents: [String] = []
        while !(try accept(")")) {
            if try accept("|") { continue }
            if try accept(",") { continue }
            parents.append(try name("a parent"))
        }
        try expect("{")
        var block = BIFTable(child: child, parents: parents, line: line)
        while !(try accept("}")) {
            let line = scanner.line
            if try accept("(") {
                var labels: [String] = []
                while !(try accept(")")) {
                    labels.append(try name("a category"))
                    _ = try accept(",")
                }
                block.entries.append(.init(kind: .row(labels), values: try numbers(), line: line))
                continue
            }
            switch scanner.token {
            case .word("property"):
                try scanner.advance()
                block.properties.append(try scanner.restOfStatement())
            case .word("table"), .word("default"):
                let kind: BIFTable.Entry.Kind = scanner.token == .word("table") ? .table : .rest
                try scanner.advance()
                block.entries.append(.init(kind: kind, values: try numbers(), line: line))
            default:
                throw scanner.failure(
                    "expected 'table', 'default', '(' or '}' in the probabilities of "
                        + "\(FormatError.quoted(child)), found \(scanner.token.text)")
            }
        }
        blocks[child] = block
    }

    /// Numbers up to a semicolon.
    private mutating func numbers() throws -> [Double] {
        var values: [Double] = []
        while !(try accept(";")) {
            if try accept(",") { continue }
            let place = scanner
            let text = try name("a probability or ';'")
            guard let value = Double(text), value.isFinite, value >= 0 else {
                throw place.failure("\(FormatError.quoted(text)) is not a probability")
            }
            values.append(value)
        }
        return values
    }

    private func variables() throws -> [BIFNetwork.Variable] {
        guard !names.isEmpty else { throw scanner.failure("the network has no variables") }
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        for block in blocks.values.sorted(by: { $0.line < $1.line }) {
            try block.checkNames(places)
        }
        return try names.map { name in
            // Both were put in together.
            guard let declaration = declarations[name] else {
                preconditionFailure("A name without variable.")
            }
            guard let block = blocks[name] else {
                throw scanner.failure("variable \(FormatError.quoted(name)) has no probability block")
            }
            return BIFNetwork.Variable(
                name: name, categories: declaration.categories,
                parents: block.parents.map { places[$0] ?? 0 },
                table: try block.values(
                    categories: declaration.categories,
                    ofParents: block.parents.map { declarations[$0]?.categories ?? [] }),
                properties: declaration.properties, tableProperties: block.properties, line: block.line)
        }
    }

    private mutating func accept(_ mark: Unicode.Scalar) throws -> Bool {
        guard scanner.token == .mark(mark) else { return false }
        try scanner.advance()
        return true
    }

    private mutating func expect(_ mark: Unicode.Scalar) throws {
        guard try accept(mark) else {
            throw scanner.failure("expected '\(mark)', found \(scanner.token.text)")
        }
    }

    private mutating func name(_ what: String) throws -> String {
        guard let name = scanner.token.name else {
            throw scanner.failure("expected \(what), found \(scanner.token.text)")
        }
        try scanner.advance()
        return name
    }
}
