import Formats
import Foundation
import TestSupport
import Testing

/// Numbers at the ends of what their types hold, from a file and from the command line.
@Suite struct ExtremeNumbersTests {
    /// The option with its value, the setting in a file, and what is allowed.
    private static let settings: [(option: String, json: String, allowed: String)] = [
        (
            "--epochs 9223372036854775807", #"{"training": {"epochs": 9223372036854775807}}"#,
            "a whole number from 1 to 1000000"
        ),
        (
            "--warm-up 9223372036854775807", #"{"training": {"warmUpEpochs": 9223372036854775807}}"#,
            "a whole number from 0 to 1000000"
        ),
        (
            "--warm-up-period 9223372036854775807",
            #"{"training": {"warmUpPeriod": 9223372036854775807}}"#, "a whole number from 1 to 1000000"
        ),
        (
            "--samples 9223372036854775807", #"{"training": {"samples": 9223372036854775807}}"#,
            "a whole number from 1 to 10000"
        ),
        (
            "--batch-size 9223372036854775808", #"{"training": {"batchSize": 9223372036854775808}}"#,
            "a whole number from 1 to 1000000"
        ),
        (
            "--learning-rate 1e-320", #"{"training": {"learningRate": 1e-320}}"#,
            "a number from 1e-12 to 1000"
        ),
        (
            "--gradient-limit 1e-320", #"{"training": {"gradientLimit": 1e-320}}"#,
            "a number from 0 to 1e+30, 0 or at least 1e-12"
        ),
        (
            "--likelihood gaussian --likelihood-variance fixed --variance 1e-320",
            #"{"model": {"likelihood": {"kind": "gaussian", "variance": {"kind": "fixed", "value": 1e-320}}}}"#,
            "a number from 1e-30 to 1e+30"
        ),
        (
            "--objective free-bits --free-bits 1e308",
            #"{"training": {"objective": {"kind": "free-bits", "nats": 1e308}}}"#,
            "a number from 0 to 1000000000"
        ),
        ("--image-size -16", #"{"data": {"imageSize": -16}}"#, "a whole number from 0 to 1024"),
        (
            "--validation -1", #"{"data": {"validationCount": -1}}"#, "a whole number from 0 to 1000000000"
        ),
    ]

    @Test(arguments: settings.indices) func aSettingOutOfRangeIsRefusedFromShellAndFileAlike(place: Int)
        throws
    {
        let (option, json, allowed) = Self.settings[place]
        try withTemporaryFolder { folder in
            try Data(json.utf8).write(to: folder.appendingPathComponent("c.json"))
            let name = option.split(separator: " ").suffix(2).first ?? ""
            expectComplaint(
                try Vae.run("train \(option)", in: folder), status: 64,
                saying: ["'\(name)'", "expected \(allowed)"])
            expectComplaint(
                try Vae.run("train --config c.json", in: folder), status: 78,
                saying: [
                    "c.json: ",
                    json.contains("1e-320") ? "is a number too large or too small" : "allowed: \(allowed)",
                ])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.json"])
        }
    }

    @Test(
        "An example of more values than any model could have is refused",
        arguments: ["vae", "realnvp", "ppca"])
    func values(model: String) throws {
        try withTemporaryFolder { folder in
            let json = #"{"model": {"kind": "\#(model)", "exampleShape": [1000000, 1000000, 1000000]}}"#
            try Data(json.utf8).write(to: folder.appendingPathComponent("c.json"))
            expectComplaint(
                try Vae.run("train --config c.json", in: folder), status: 78,
                saying: [
                    "c.json: ", "exampleShape is [1000000, 1000000, 1000000]",
                    "268435456 values in all at most",
                ])
        }
    }

    @Test(
        "A model that no memory holds is refused with its size, and nothing is left",
        arguments: [true, false])
    func hugeModel(isFromFile: Bool) throws {
        try withTemporaryFolder { folder in
            let json = #"{"model": {"network": {"kind": "mlp", "hidden": [65536, 65536, 65536, 65536]}}}"#
            try Data(json.utf8).write(to: folder.appendingPathComponent("c.json"))
            let line = isFromFile ? "--config c.json" : "--network mlp --hidden 65536,65536,65536,65536"
            expectComplaint(
                try Vae.run("train \(line) -o run", in: folder), status: 71,
                saying: [
                    "the model has 25.9 billion parameters, which take 386.0", " GiB with their gradients",
                    "--hidden",
                ])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["c.json"])
        }
    }

    @Test("Many more threads than processors are refused, a few more are not")
    func threads() throws {
        try withTemporaryFolder { folder in
            let processors = ProcessInfo.processInfo.activeProcessorCount
            let limit = 16 * processors
            if limit < 1024 {
                expectComplaint(
                    try Vae.run("train --threads 1024", in: folder), status: 64,
                    saying: ["'--threads' is 1024; allowed: at most \(limit), 16 for each of this machine's"])
            }
            try Data("a,b\n1,2\n3,5\n7,4\n".utf8).write(to: folder.appendingPathComponent("d.csv"))
            let outcome = try Vae.run("fit kmeans d.csv -k 2 --threads \(2 * processors)", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test(
        "So are numbers of other commands",
        arguments: [
            ("sample run -n 1000000000", "expected a whole number from 1 to 100000"),
            ("sample run --temperature 1e-320", "expected a number from 0.001 to 1000"),
            ("traverse run --range 1e308", "expected a number from 1e-06 to 1000000"),
            ("fit mixture rows.csv -k 9223372036854775807", "expected a whole number from 1 to 1000000"),
            ("fit mixture rows.csv -k 2 --tolerance 1e308", "expected a number from 0 to 1000000"),
        ])
    func otherCommands(line: String, complaint: String) throws {
        expectComplaint(try Vae.run(line), status: 64, saying: [complaint])
    }

    @Test("Counts may be as large as they like where less is taken anyway")
    func countsAreCut() throws {
        try withTable { folder in
            for line in ["encode run -o codes.csv", "evaluate run -k 0"] {
                let outcome = try Vae.run("\(line) -n 9223372036854775807 --threads 1", in: folder)
                #expect(outcome.status == 0, "\(line): \(outcome.errors)")
            }
        }
    }
}
