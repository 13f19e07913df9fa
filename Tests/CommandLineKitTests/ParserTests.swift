import CommandLineKit
import Testing

@Suite struct ParserTests {
    @Test func aParameterThatIsNotGivenHasItsDefault() throws {
        let arguments = try Sample.arguments([])
        #expect(arguments[Sample.data] == "mnist")
        #expect(arguments[Sample.epochs] == 10)
        #expect(arguments[Sample.seed] == nil)
        #expect(arguments[Sample.rate] == 1e-3)
        #expect(arguments[Sample.likelihood] == .bernoulli)
        #expect(arguments[Sample.hidden] == [400, 200])
        #expect(arguments[Sample.quiet] == false)
        #expect(arguments[Sample.augment] == true)
        #expect(arguments[Sample.run] == nil)
    }

    @Test func onlyWhatTheUserWroteCountsAsGiven() throws {
        let arguments = try Sample.arguments(["--epochs", "10", "--no-augment"])
        #expect(arguments.given(Sample.epochs) == 10)
        #expect(arguments.given(Sample.augment) == false)
        #expect(arguments.given(Sample.rate) == nil)
        #expect(arguments.isGiven(Sample.data))
        #expect(!arguments.isGiven(Sample.run))
    }

    @Test(arguments: [["--epochs", "3"], ["--epochs=3"], ["--epochs", "7", "--epochs", "3"]])
    func aValueFollowsOrIsAttachedAndTheLastOneCounts(words: [String]) throws {
        #expect(try Sample.arguments(words)[Sample.epochs] == 3)
    }

    @Test(arguments: [["--shift", "-1.5"], ["--shift=-1.5"], ["--shift", "-.15e1"]])
    func aNegativeNumberIsAValue(words: [String]) throws {
        #expect(try Sample.arguments(words)[Sample.shift] == -1.5)
    }

    @Test(arguments: [
        (["--quiet"], true), (["-q"], true), ([], false),
    ])
    func aFlagIsOnWhenItIsThere(words: [String], expected: Bool) throws {
        #expect(try Sample.arguments(words)[Sample.quiet] == expected)
    }

    @Test(arguments: [
        (["--no-augment"], false), (["--no-augment", "--augment"], true),
        (["--augment", "--no-augment"], false),
    ])
    func ofAFlagAndItsNegationTheLastCounts(words: [String], expected: Bool) throws {
        #expect(try Sample.arguments(words)[Sample.augment] == expected)
    }

    @Test(arguments: [
        (["--hidden", "512"], [512]), (["--hidden=1,2,3"], [1, 2, 3]), (["--hidden="], []),
    ])
    func aListIsSeparatedByCommas(words: [String], expected: [Int]) throws {
        #expect(try Sample.arguments(words)[Sample.hidden] == expected)
    }

    @Test(arguments: [
        (["runs/a"], "runs/a"), (["--epochs", "3", "runs/a", "-q"], "runs/a"), (["--", "--help"], "--help"),
        (["-"], "-"), (["-3"], "-3"),
    ])
    func aPositionalStandsAnywhereAndAfterTwoDashesMayLookLikeAnOption(
        words: [String], expected: String
    ) throws {
        #expect(try Sample.arguments(words)[Sample.run] == expected)
    }

    /// A program of one command that takes pictures.
    private static let gallery = Command(
        "gallery", summary: "Hangs pictures.", positionals: [Sample.pictures],
        options: [OptionGroup("Options", [Sample.quiet])], run: { _ in })

    @Test(arguments: [
        (["a"], ["a"]), (["a b", "-q", "c"], ["a b", "c"]), (["a", "--", "-q", "a"], ["a", "-q", "a"]),
    ])
    func aRepeatedPositionalTakesAllWordsThatAreLeft(words: [String], expected: [String]) throws {
        var parser = CommandLineParser(Self.gallery)
        guard case .run(_, let arguments) = try parser.parse(words) else {
            throw UsageError("asked for help")
        }
        #expect(arguments[Sample.pictures] == expected)
    }

    @Test func ofARepeatedPositionalOneIsNeededAndEachIsChecked() {
        var parser = CommandLineParser(Self.gallery)
        #expect(throws: UsageError("missing <picture>…")) { _ = try parser.parse([]) }
        #expect(throws: UsageError("invalid value '' for '<picture>'; expected a path")) {
            _ = try parser.parse(["a", ""])
        }
        #expect(Help(of: [Self.gallery], columns: 80).usage == "usage: gallery [options] <picture>…")
    }

    @Test(arguments: [["-o", "a=b.png"], ["--output=a=b.png"], ["-o=a=b.png"]])
    func onlyTheFirstEqualsSignSeparates(words: [String]) throws {
        #expect(try Sample.arguments(words)[Sample.output] == "a=b.png")
    }

    @Test(arguments: [
        ("trian", "unknown command 'trian'; did you mean 'train'?"),
        ("paint", "unknown command 'paint'"),
        ("compress", "unknown command 'compress'"),
        ("--quite", "unknown option '--quite'"),
        ("--verison", "unknown option '--verison'; did you mean '--version'?"),
        ("train", "missing --data <set>"),
        ("train --epoch 3", "unknown option '--epoch'; did you mean '--epochs'?"),
        ("train -epochs 3", "unknown option '-epochs'; did you mean '--epochs'?"),
        ("train --learn 1", "unknown option '--learn'; did you mean '--learning-rate'?"),
        ("train --no-augmnet", "unknown option '--no-augmnet'; did you mean '--no-augment'?"),
        ("train --no-quiet", "unknown option '--no-quiet'"),
        ("train -x", "unknown option '-x'"),
        ("train --colour=red", "unknown option '--colour'"),
        ("train --quiet=yes", "'--quiet' takes no value"),
        ("train --epochs", "'--epochs' needs a value: a whole number at least 1"),
        ("train --epochs --data mnist", "'--epochs' needs a value: a whole number at least 1"),
        ("train --epochs 0", "invalid value '0' for '--epochs'; expected a whole number at least 1"),
        ("train --epochs 2.5", "invalid value '2.5' for '--epochs'; expected a whole number at least 1"),
        (
            "train --epochs 9223372036854775808",
            "invalid value '9223372036854775808' for '--epochs'; expected a whole number at least 1"
        ),
        (
            "train --epochs 0 --epochs 1",
            "invalid value '0' for '--epochs'; expected a whole number at least 1"
        ),
        ("train --learning-rate 0", "invalid value '0' for '--learning-rate'; expected a number above 0"),
        ("train --shift nan", "invalid value 'nan' for '--shift'; expected a number"),
        ("train --shift inf", "invalid value 'inf' for '--shift'; expected a number"),
        ("train --dropout 1", "invalid value '1' for '--dropout'; expected a number at least 0 and below 1"),
        (
            "train --likelihood gausian",
            "invalid value 'gausian' for '--likelihood'; expected one of bernoulli, gaussian, categorical;"
                + " did you mean 'gaussian'?"
        ),
        (
            "train --hidden 400,,200",
            "invalid value '400,,200' for '--hidden'; expected a list separated by commas, each a whole number"
                + " from 1 to 4096"
        ),
        ("train --output=", "invalid value '' for '--output'; expected a path"),
        ("train --data mnist a b", "unexpected argument 'b'"),
        ("sample", "missing <run>"),
    ])
    func aWrongCommandLineIsNamedWithItsMend(line: String, message: String) {
        #expect(Sample.complaint(line.split(separator: " ").map(String.init)) == message)
    }
}
