import CommandLineKit
import Foundation

// LibTorch loads its parts by paths, which fails in a folder that is gone.
var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
if getcwd(&buffer, buffer.count) == nil {
    Terminal.error.write("vae: error: the current folder is gone; change to another one\n")
    exit(ExitCode.noInput.rawValue)
}

program.main(version: version, describingErrors: failure(describing:))
