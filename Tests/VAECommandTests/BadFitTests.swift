import Foundation
import TestSupport
import Testing

/// What may be wrong with the data, the files and the options of `vae fit` and its models.
@Suite struct BadFitTests {
    private static let inputs = [
        BadInput(
            "a constant column", ["d.csv": Data("a,b\n1,2\n1,3\n".utf8)],
            line: "fit kmeans d.csv -k 2 --columns a,b",
            status: 65,
            saying: "d.csv: column \"a\" is 1.0 in every row"),
        BadInput(
            "one row", ["d.csv": Data("a,b\n1,2\n".utf8)], line: "fit mixture d.csv -k 2", status: 65,
            saying: "d.csv: 1 row for 2 components"),
        BadInput(
            "rows that repeat", ["d.csv": Data("a,b\n1,2\n3,4\n1,2\n".utf8)], line: "fit kmeans d.csv -k 3",
            status: 65, saying: "d.csv: 2 different rows for 3 components"),
        BadInput(
            "an infinite number", ["d.csv": Data("a,b\n1,2\n3,inf\n1,5\n".utf8)],
            line: "fit mixture d.csv -k 2",
            status: 65, saying: "d.csv: row 2, column \"b\""),
        BadInput(
            "numbers whose squares overflow", ["d.csv": Data("name,a,b\nx,1,2e160\ny,3,1e160\n".utf8)],
            line: "fit kmeans d.csv -k 2", status: 65,
            saying: "d.csv: row 1, column \"b\": 2e+160 is beyond 1e+148", "scale the column down"),
        BadInput(
            "one such number among missing ones", ["d.csv": Data("a,b\n1,\n3,-1e160\n,5\n".utf8)],
            line: "fit mixture d.csv -k 2", status: 65,
            saying: "d.csv: row 2, column \"b\": -1e+160 is beyond 1e+148", "scale the column down"),
        BadInput(
            "numbers whose squares vanish", ["d.csv": Data("a,b\n1,2e-160\n3,1e-160\n".utf8)],
            line: "fit mixture d.csv -k 1", status: 65,
            saying: "d.csv: column \"b\": its numbers differ by so little", "scale the column up"),
        BadInput(
            "text only", ["d.csv": Data("a,b\nx,u\ny,v\n".utf8)], line: "fit kmeans d.csv -k 2", status: 65,
            saying: "d.csv: no column of numbers, only text: a, b; give a table of numbers"),
        BadInput(
            "a missing number for k-means", ["d.csv": Data("a,b\n1,2\n3,\n1,5\n".utf8)],
            line: "fit kmeans d.csv -k 2", status: 65, saying: "d.csv: row 2, column \"b\": no finite number"),
        BadInput(
            "an empty column", ["d.csv": Data("a,b\n1,\n3,\n1,\n".utf8)],
            line: "fit mixture d.csv -k 2 --columns a,b", status: 65,
            saying: "d.csv: column \"b\" has no number in any row"),
        BadInput(
            "a column that is not there", ["d.csv": Data("a,b\n1,2\n3,4\n".utf8)],
            line: "fit mixture d.csv -k 1 --columns a,c", status: 65, saying: "d.csv: no numeric column \"c\""
        ),
        BadInput(
            "a model over its data", ["d.csv": Data("a,b\n1,2\n3,4\n".utf8)],
            line: "fit mixture d.csv -k 1 -o ./d.csv", status: 64,
            saying: "d.csv would be written over the data; give it another name"),
        BadInput(
            "a table over its model", ["d.csv": Data("a,b\n1,2\n3,4\n".utf8)],
            line: "fit mixture d.csv -k 1 -o m.csv --impute m.csv", status: 64,
            saying: "m.csv would be written over another output"),
        BadInput(
            "a folder that is not there", ["d.csv": Data("a,b\n1,2\n3,4\n".utf8)],
            line: "fit kmeans d.csv -k 2 -o gone/m.json", status: 73,
            saying: "gone/m.json: cannot be written: ", "create it first"),
        BadInput(
            "no data", line: "fit kmeans gone.csv -k 2", status: 66,
            saying: "gone.csv: no such file or folder"),
        BadInput(
            "another model", ["m.json": Data(#"{"version": 1, "model": "forest"}"#.utf8)],
            line: "sample m.json",
            status: 65, saying: "m.json: the model 'forest' is not known"),
        BadInput(
            "a later version", ["m.json": Data(#"{"version": 2, "model": "k-means"}"#.utf8)],
            line: "encode m.json", status: 65, saying: "m.json: version 2 is not known"),
        BadInput(
            "no JSON", ["m.json": Data("hello".utf8)], line: "evaluate m.json", status: 65,
            saying: "m.json: not a model that 'vae fit' has written"),
        BadInput(
            "a key that means nothing", ["m.json": kMeans(#""centers": 3, "centres": [[1]]"#)],
            line: "sample m.json", status: 65, saying: "m.json: unknown key 'centers'"),
        BadInput(
            "centres of another width", ["m.json": kMeans(#""centres": [[1, 2]]"#)], line: "sample m.json",
            status: 65, saying: "m.json: 'centres' are not rows of finite numbers"),
        BadInput(
            "rows of mixed length", ["m.json": kMeans(#""centres": [[1], [1, 2]]"#)], line: "sample m.json",
            status: 65, saying: "m.json: not a model", "rows of one length"),
        BadInput(
            "an image of seven channels", ["m.json": kMeans(#""centres": [[1]]"#, shape: "[7, 1, 1]")],
            line: "sample m.json", status: 65, saying: "m.json: 'fit.source.shape' is [7, 1, 1]",
            "channels (1 or 3)"),
        BadInput(
            "an image without height", ["m.json": kMeans(#""centres": [[1]]"#, shape: "[1, 0, 1]")],
            line: "sample m.json", status: 65, saying: "m.json: 'fit.source.shape' is [1, 0, 1]"),
        BadInput(
            "an image of negative sides", ["m.json": kMeans(#""centres": [[1]]"#, shape: "[1, -1, -1]")],
            line: "sample m.json", status: 65, saying: "m.json: 'fit.source.shape' is [1, -1, -1]"),
        BadInput(
            "an image of another size", ["m.json": kMeans(#""centres": [[1]]"#, shape: "[1, 2, 2]")],
            line: "sample m.json", status: 65, saying: "m.json: 'centres' are not rows", "4 in each"),
        BadInput(
            "more names than numbers",
            ["m.json": kMeans(#""centres": [[1]]"#, shape: #"[1], "columns": ["a", "b"]"#)],
            line: "sample m.json", status: 65,
            saying: "m.json: 'fit.source.columns' has 2 names for rows of 1 numbers"),
        BadInput(
            "an option of run folders", ["m.json": kMeans(#""centres": [[1]]"#)],
            line: "evaluate m.json --surgery", status: 64, saying: "'--surgery' is for run folders"),
    ]

    private static func kMeans(_ fields: String, shape: String = "[1]") -> Data {
        Data(
            """
            {"version": 1, "model": "k-means", "variance": 1, \(fields),
             "fit": {"source": {"data": "d.csv", "shape": \(shape)}, "rows": 3, "measures": {"inertia": 1}}}
            """.utf8)
    }

    @Test(arguments: inputs) func badInputIsToldInOneLine(input: BadInput) throws {
        try withTemporaryFolder { folder in
            for (path, data) in input.files { try data.write(to: folder.appendingPathComponent(path)) }
            expectComplaint(
                try Vae.run(input.line, in: folder), status: input.status, saying: input.complaint)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).count == input.files.count)
        }
    }
}
