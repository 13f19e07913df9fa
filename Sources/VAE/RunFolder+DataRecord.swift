import Datasets
import Formats
import Foundation
import Runs

extension RunFolder {
    private var dataURL: URL { url.appendingPathComponent("data.safetensors") }

    /// Keeps the record of the run's data.
    ///
    /// - Throws: `FormatError.file`.
    func write(_ record: DataRecord) throws { try record.write(to: dataURL) }

    /// The record of the run's data; `nil` where the run has none.
    ///
    /// - Throws: `FormatError.file`; `DatasetsError.changed` where the file is no record.
    func dataRecord() throws -> DataRecord? {
        try FolderEntry.kind(of: dataURL) == nil ? nil : DataRecord(readingFrom: dataURL)
    }
}

extension TrainedModel {
    /// Opens the data that the model was trained on, divided as its run divided them.
    ///
    /// - Parameters:
    ///   - library: Where the data come from; `VAE_DATA_DIR`, the cache and the network when absent.
    ///   - needed: Splits that have to be whole; the one that is shown by default when absent.
    /// - Returns: The splits, with notes on what has changed since.
    /// - Throws: `DatasetsError` and `FormatError` naming the file at fault.
    public func openData(in library: DataLibrary? = nil, needing needed: Set<String>? = nil) throws
        -> DataSplits
    {
        try configuration.data.reopen(
            as: run.dataRecord(), needing: needed, in: library, seed: configuration.seed)
    }
}
