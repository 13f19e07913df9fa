import CommandLineKit

program.main(version: version, describingErrors: failure(describing:))
