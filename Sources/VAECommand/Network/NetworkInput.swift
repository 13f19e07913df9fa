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

    /// Its rows as a network has them, and which nodes no row tells.
    func data(
        of network: BayesianNetwork, hiding hidden: Set<Int> = []
    ) throws -> (rows: NetworkData, unseen: Set<Int>) {
        try naming {
            let data = try NetworkData(table, of: network, hiding: hidden)
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
            case .data, .impossibleRow, .impossibleEvidence, .unknownCategory:
                throw Failure("\(path): \(error)", exitCode: .dataError)
            default: throw error
            }
        }
    }
}
