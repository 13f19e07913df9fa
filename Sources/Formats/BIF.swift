import Foundation

/// The interchange format of Bayesian networks with discrete nodes, version 0.15.
///
///     network "sprinkler" { }
///     variable Cloud { type discrete [ 2 ] { yes, no }; }
///     variable Rain { type discrete [ 2 ] { yes, no }; }
///     probability ( Cloud ) { table 0.5, 0.5; }
///     probability ( Rain | Cloud ) { (yes) 0.8, 0.2; default 0.2, 0.8; }
///
/// Commas and the bar may be left out, names may be quoted, comments are those of C. A `table` of a node with parents
/// has the node's categories in its slowest index, then the parents in their order, the last one fastest.
///
/// Source: Cozman 1998, "The interchange format for Bayesian networks", and the files of bnlearn's repository.
public enum BIF {
    /// Reads a network, compressed with gzip or not.
    ///
    /// - Throws: `FormatError.file`, with the line at fault.
    public static func read(_ url: URL) throws -> BIFNetwork {
        try InputFile.parse(url, decode)
    }

    /// Reads a network, compressed with gzip or not.
    ///
    /// Every variable has a table afterwards, and every row of it as many numbers as the variable has categories, none
    /// negative. Whether they sum to one and whether the arrows go in a circle is not looked at.
    ///
    /// - Throws: `FormatError`, with the line at fault.
    public static func decode(_ data: Data) throws -> BIFNetwork {
        let bytes = [UInt8](try Gzip.inflateIfCompressed(data))
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw FormatError.corrupt(.bif, reason: "it is not UTF-8 text")
        }
        var parser = BIFParser(scanner: try BIFScanner(bytes))
        return try parser.network()
    }

    /// Writes a network; reading it gives the same again, lines aside.
    ///
    /// One without a name is called `unknown`.
    ///
    /// - Returns: The text as UTF-8.
    /// - Throws: `FormatError.unsupported` for what `BIFNetwork.requireWritable` refuses.
    public static func encode(_ network: BIFNetwork) throws -> Data {
        try network.requireWritable()
        var text = "network \(quotedUnlessPlain(network.name.isEmpty ? "unknown" : network.name)) {\n"
        text += network.properties.map(property).joined() + "}\n"
        for variable in network.variables {
            let categories = variable.categories.map(quotedUnlessPlain).joined(separator: ", ")
            text += "variable \(quotedUnlessPlain(variable.name)) {\n"
            text += "  type discrete [ \(variable.categories.count) ] { \(categories) };\n"
            text += variable.properties.map(property).joined() + "}\n"
        }
        for variable in network.variables { text += probability(of: variable, in: network) }
        return Data(text.utf8)
    }

    private static func probability(of variable: BIFNetwork.Variable, in network: BIFNetwork) -> String {
        let parents = variable.parents.map { network.variables[$0] }
        let names = parents.map { quotedUnlessPlain($0.name) }.joined(separator: ", ")
        let bar = parents.isEmpty ? "" : " | "
        var text = "probability ( \(quotedUnlessPlain(variable.name))\(bar)\(names) ) {\n"
        let width = variable.categories.count
        for row in 0..<(variable.table.count / width) {
            let numbers = variable.table[row * width..<(row + 1) * width].map { "\($0)" }
                .joined(separator: ", ")
            if parents.isEmpty {
                text += "  table \(numbers);\n"
            } else {
                let labels = zip(parents, network.categories(ofRow: row, of: variable)).map {
                    quotedUnlessPlain($0.categories[$1])
                }
                text += "  (\(labels.joined(separator: ", "))) \(numbers);\n"
            }
        }
        return text + variable.tableProperties.map(property).joined() + "}\n"
    }

    private static func property(_ text: String) -> String { "  property \"\(text)\" ;\n" }

    private static func quotedUnlessPlain(_ name: String) -> String {
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
        return isPlain ? name : "\"\(name)\""
    }
}

/// A Bayesian network as its file has it.
public struct BIFNetwork: Equatable, Sendable {
    /// A discrete variable with its table.
    public struct Variable: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The names of its values, one or more.
        public var categories: [String]
        /// The positions of its parents among the variables.
        public var parents: [Int]
        /// P(category | parents): a row for each combination of the parents' categories, the last parent's fastest,
        /// and in it a number for each category.
        public var table: [Double]
        /// What the variable's block says beside its type.
        public var properties: [String]
        /// What the block of the table says beside the numbers.
        public var tableProperties: [String]
        /// Where the block of the table begins, counted from 1; 0 for one that was not read.
        public var line: Int

        /// A variable with its table.
        public init(
            name: String, categories: [String], parents: [Int], table: [Double], properties: [String] = [],
            tableProperties: [String] = [], line: Int = 0
        ) {
            self.name = name
            self.categories = categories
            self.parents = parents
            self.table = table
            self.properties = properties
            self.tableProperties = tableProperties
            self.line = line
        }
    }

    /// What the network is called.
    public var name: String
    /// What the network's block says.
    public var properties: [String]
    /// The variables, in the order of the file.
    public var variables: [Variable]

    /// A network of variables.
    public init(name: String, properties: [String] = [], variables: [Variable]) {
        self.name = name
        self.properties = properties
        self.variables = variables
    }

    /// Checks that the format can hold every name and property: it has no way to write a double quote inside quotes.
    ///
    /// - Throws: `FormatError.unsupported`, with the name.
    public func requireWritable() throws {
        func require(_ text: String, _ what: String, of variable: Variable? = nil) throws {
            guard text.utf8.contains(UInt8(ascii: "\"")) else { return }
            let owner = variable.map { " of variable \(FormatError.quoted($0.name))" } ?? ""
            throw FormatError.unsupported(
                .bif, what: "the double quote in \(what) \(FormatError.quoted(text))\(owner)",
                remedy: "put another mark in its place")
        }
        try require(name, "the name")
        for property in properties { try require(property, "the property") }
        for variable in variables {
            try require(variable.name, "variable")
            for category in variable.categories { try require(category, "category", of: variable) }
            for property in variable.properties + variable.tableProperties {
                try require(property, "property", of: variable)
            }
        }
    }

    /// The category of each parent in a row of a variable's table.
    func categories(ofRow row: Int, of variable: Variable) -> [Int] {
        var rest = row
        let reversed = variable.parents.reversed().map { parent in
            defer { rest /= variables[parent].categories.count }
            return rest % variables[parent].categories.count
        }
        return reversed.reversed()
    }
}
