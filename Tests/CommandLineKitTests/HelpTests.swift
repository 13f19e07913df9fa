import CommandLineKit
import Testing

@Suite struct HelpTests {
    private func help(_ words: [String], columns: Int = 80) throws -> String {
        var parser = CommandLineParser(Sample.program())
        guard case .help = try parser.parse(words) else { return "" }
        return Help(of: parser.path, columns: columns).text
    }

    @Test func theHelpOfACommandListsAllItAccepts() throws {
        #expect(
            try help(["train", "--help"]) == """
                usage: vae train [options] --data <set> [<run>]

                Trains a model and leaves a run folder.

                Everything that is needed to repeat the run is kept in the folder.

                Arguments:
                  <run>                     Folder to write; named by date and time if left out.

                Data:
                      --data <set>          A set's name or a path. [required]
                      --shift <x>           Added to the data. [default: 0]
                      --[no-]augment        Flip images at random. [default: on]

                Model:
                      --likelihood <name>   Distribution of a pixel. [bernoulli, gaussian,
                                            categorical; default: bernoulli]
                      --hidden <n,…>        Widths of the hidden layers, the one next to the
                                            data first. [each from 1 to 4096; default: 400,200]
                      --dropout <x>         Fraction of units dropped. [at least 0 and below 1;
                                            default: 0]

                Training:
                      --epochs <n>          Passes over the data. [at least 1; default: 10]
                      --learning-rate <x>   Adam's step size. [above 0; default: 0.001]
                      --seed <n>            Seed of all random draws. [at least 0]
                  -q, --quiet               Print results only.
                  -o, --output <path>       Where to write.

                Help:
                  -h, --help                Print this text and exit.
                      --version             Print the program's version and exit.

                Examples:
                  vae train --data mnist runs/digits
                      Digits, with the defaults.

                """)
    }

    @Test func theHelpOfTheProgramListsItsCommands() throws {
        #expect(
            try help(["-h"]) == """
                usage: vae <command> [options]

                Trains and uses variational autoencoders.

                Commands:
                  train                     Trains a model and leaves a run folder.
                  sample                    Draws images from a model.

                Help:
                  -h, --help                Print this text and exit.
                      --version             Print the program's version and exit.

                'vae <command> --help' explains a command.

                """)
    }

    @Test(arguments: [
        ["train", "--help"], ["train", "-h"], ["help", "train"], ["train", "--nonsense", "--help"],
        ["train", "--epochs", "0", "-h"],
    ])
    func helpWinsOverAllElseOnTheLine(words: [String]) throws {
        #expect(try help(words).hasPrefix("usage: vae train "))
    }

    @Test(arguments: [40, 60, 80, 100])
    func linesFitTheWidth(columns: Int) throws {
        let lines = try help(["train", "--help"], columns: columns).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= columns })
    }

    @Test(arguments: [(0, 40), (1000, 100)])
    func theWidthStaysReadable(columns: Int, effective: Int) throws {
        #expect(try help(["-h"], columns: columns) == help(["-h"], columns: effective))
    }
}
