import Figures
import Formats
import Foundation
import Runs

/// The figures of a report as files in a run's `figures/`, beside pictures that the user has put there.
///
/// `figures/report.json` holds the hash of each file that a report has written. A file of another content is the user's
/// and stays; the figure then goes beside it, as `report-<name>`.
struct FigureFiles {
    private let run: RunFolder
    /// The hashes of what was last written by name, the latest first, and the one before, as a killed process may leave that.
    private var hashes: [String: [String]]

    private static let indexName = "report.json"
    private var indexURL: URL { run.figuresURL.appendingPathComponent(Self.indexName) }

    /// The files of a run; where the list of earlier ones is missing or damaged, all that is there is the user's.
    ///
    /// - Throws: `FormatError.file` where the list cannot be read.
    init(of run: RunFolder) throws {
        self.run = run
        hashes = [:]
        guard try FolderEntry.kind(of: indexURL) != nil else { return }
        let data = try InputFile.contents(of: indexURL)
        hashes = (try? JSONDecoder().decode([String: [String]].self, from: data)) ?? [:]
    }

    /// Writes the figures of a page that have a name.
    ///
    /// - Throws: `FormatError.file`; `RunsError.foreignFolder`.
    mutating func write(_ page: ReportPage) throws {
        let files = try page.figures.compactMap(\.file).compactMap { file in
            try [file.name, "report-" + file.name].first(where: isOurs).map { ($0, file.data) }
        }
        for (name, data) in files {
            let hash = SHA256.hexDigest(of: data)
            hashes[name] = Array(([hash] + (hashes[name] ?? []).filter { $0 != hash }).prefix(2))
        }
        // First, so that no file of ours is taken for the user's.
        try run.write(ResultJSON.text(hashes), to: indexURL)
        for (name, data) in files { try run.write(data, to: run.figuresURL.appendingPathComponent(name)) }
    }

    /// Whether a name is free, or that of a file as a report has left it.
    private func isOurs(_ name: String) throws -> Bool {
        let url = run.figuresURL.appendingPathComponent(name)
        switch try FolderEntry.kind(of: url) {
        case nil: return true
        case .file: return hashes[name]?.contains(try SHA256.hexDigest(ofFileAt: url)) == true
        default: return false
        }
    }
}

extension ReportPage {
    /// Writes the page into a run, and its figures as files of their own.
    ///
    /// - Throws: `FormatError.file` when something cannot be written.
    package func write(to run: RunFolder) throws {
        var files = try FigureFiles(of: run)
        try files.write(self)
        try run.write(html(), to: run.reportURL)
    }
}
