import CommandLineKit
import Formats
import Foundation
import VAE

/// What the user is told about an error of the libraries, and the status that the program ends with.
///
/// - Returns: `nil` for errors that are not known here.
func failure(describing error: any Error) -> Failure? {
    switch error {
    case let error as FormatError:
        Failure(error.description + options(for: error), exitCode: exitCode(of: error))
    case let error as DatasetsError:
        Failure(error.description + options(for: error), exitCode: exitCode(of: error))
    case let error as RunsError:
        Failure(error.description + options(for: error), exitCode: exitCode(of: error))
    case let error as SettingsError: Failure(error.description, exitCode: .config)
    case let error as TrainingError:
        Failure(error.description + options(for: error), exitCode: exitCode(of: error))
    case let error as EvaluationError: Failure(error.description, exitCode: .dataError)
    case let error as DiagnosticsError: Failure(error.description, exitCode: .dataError)
    case let error as FitError: Failure(error.description, exitCode: exitCode(of: error))
    case let error as ModelFileError: Failure(error.description, exitCode: .dataError)
    case let error as NetworkError:
        Failure(error.description + options(for: error), exitCode: exitCode(of: error))
    case let error as MemoryError: Failure(error.description + options(for: error), exitCode: .osError)
    case let error as LayersError: Failure(error.description, exitCode: exitCode(of: error))
    default: nil
    }
}

// The libraries say in words what to do about an error; the options that do it follow in parentheses.

private func options(for error: FormatError) -> String {
    switch error {
    case .file(_, let inner): options(for: inner)
    case .notAnImage, .corrupt(.png, _), .corrupt(.jpeg, _): " (train's --skip-bad leaves such images out)"
    default: ""
    }
}

private func options(for error: DatasetsError) -> String {
    switch error {
    case .cannotConvert(_, _, .size), .mixedSizes: " (--image-size)"
    case .cannotConvert(_, _, .grey): " (--grey)"
    case .cannotConvert(_, _, .colour): " (--colour)"
    case .batchTooLarge: " (--batch-size)"
    case .cannotTreat: " (--binarization)"
    case .mixedColours: " (--grey, --colour)"
    case .isItImages, .wrongShape: " (--shape)"
    case .labelCount: " (--labels)"
    case .missingCell: " (--columns)"
    case .noFolder(_, isFromEnvironment: false), .notFound, .wrongChecksum: " (--data-dir)"
    default: ""
    }
}

private func options(for error: RunsError) -> String {
    if case .exists(let path) = error { " (--out, --resume \(path))" } else { "" }
}

private func options(for error: TrainingError) -> String {
    switch error {
    case .diverged, .weightsNotFinite, .validationNotFinite, .mostStepsSkipped:
        " (--learning-rate, --gradient-limit)"
    case .discriminatorDiverged: " (--discriminator-learning-rate)"
    case .allEpochsDone: " (--epochs)"
    case .cannotResume, .stoppedEarly: ""
    }
}

private func options(for error: MemoryError) -> String {
    switch error {
    case .model: " (--hidden, --channels, --latents)"
    case .batch: " (--batch-size, --samples)"
    }
}

/// Not private: an error of rows is thrown again with the name of the file.
func options(for error: NetworkError) -> String {
    if case .unobserved(let node, _) = error { " (--hidden '\(node):2')" } else { "" }
}

private func exitCode(of error: FormatError) -> ExitCode {
    switch error {
    case .file(_, let inner): exitCode(of: inner)
    // The output was there to write to, and then something went wrong.
    case .unwritable(let code) where [ENOSPC, EDQUOT, EIO, EFBIG].contains(code): .ioError
    default: exitCode(of: error.category)
    }
}

private func exitCode(of error: DatasetsError) -> ExitCode {
    if case .noSplit = error { return .usage }
    return exitCode(of: error.category)
}

private func exitCode(of category: FormatError.Category) -> ExitCode {
    switch category {
    case .noInput: .noInput
    case .badData: .dataError
    case .noOutput: .cantCreate
    }
}

private func exitCode(of error: RunsError) -> ExitCode {
    switch error {
    case .exists, .cannotCreate, .foreignFolder: .cantCreate
    case .locked: .temporaryFailure
    case .notARun, .notKept: .noInput
    case .unknownSetting, .malformed, .settings, .changedSetting: .config
    case .notACheckpoint, .mismatch, .brokenMetrics, .notFinite: .dataError
    }
}

private func exitCode(of error: TrainingError) -> ExitCode {
    switch error {
    case .diverged, .weightsNotFinite, .validationNotFinite, .mostStepsSkipped, .discriminatorDiverged:
        .failure
    case .cannotResume, .allEpochsDone, .stoppedEarly: .dataError
    }
}

private func exitCode(of error: NetworkError) -> ExitCode {
    switch error {
    case .malformedQuery, .malformedStructure: .usage
    default: .dataError
    }
}

private func exitCode(of error: FitError) -> ExitCode {
    if case .invalid = error { return .config }
    return .dataError
}

private func exitCode(of error: LayersError) -> ExitCode {
    switch error {
    case .mismatch, .count: .dataError
    case .setting: .config
    }
}

/// Runs `body`; where it finds a value of a configuration out of range, the error names the file.
func naming<Result>(_ file: URL, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as SettingsError {
        throw Failure("\(file.path): \(error)", exitCode: .config)
    }
}
