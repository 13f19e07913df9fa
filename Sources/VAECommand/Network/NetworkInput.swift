import CommandLineKit
import Formats
import Foundation
import VAE

/// A table whose columns are nodes of a network.
struct NetworkTable {
    let path: String
    let table: CSVTable

    /// Reads a CSV file with a header, all of it as text.
    init(_ path: String) throws {
        self.path = path
        table = try CSV.read(URL(filePath: path), header: .present, allText: true)
    }

    /// Its rows as a network has them, and which nodes no row tells; columns of hidden nodes are not read, and the user
    /// is told so.
    func data(
        of network: BayesianNetwork, isQuiet: Bool = false
    ) throws -> (rows: NetworkData, unseen: Set<Int>) {
        let hidden = Set(network.nodes.filter(\.isHidden).map(\.name))
        let passedOver = table.columns.map(\.name).filter(hidden.contains)
        if !passedOver.isEmpty, !isQuiet {
            Terminal.error.line(
                "note: \(path): columns of hidden nodes are passed over: \(passedOver.joined(separator: ", "))"
            )
        }
        return try naming {
            let data = try NetworkData(table, of: network)
            let unseen = network.nodes.indices.filter { node in
                (0..<data.rows).allSatisfy { data[$0, node] == nil }
            }
            return (data, Set(unseen))
        }
    }

    /// Runs `body`; where the rows are at fault, the error names the file.
    func naming<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as NetworkError {
            switch error {
            case .data, .unobserved, .impossibleRow, .impossibleEvidence, .unknownCategory:
                throw Failure("\(path): \(error)\(options(for: error))", exitCode: .dataError)
            default: throw error
            }
        }
    }
}
