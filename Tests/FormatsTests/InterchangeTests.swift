import Formats
import Foundation
import TestSupport
import Testing

/// Files cross between this package and Python's own readers and writers.
@Suite struct InterchangeTests {
    static let python = ProcessInfo.processInfo.environment["VAE_PYTHON"]
    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Golden/formats/interchange.py")

    /// The values that `interchange.py` states too.
    static let arrays: [String: RawArray] = [
        "layer.weight": RawArray(shape: [2, 3], values: [1, 2, 3, 4, 5, -6] as [Float]),
        "wide": RawArray(shape: [2], values: [0.1, -1e300] as [Double]),
        "step": RawArray(shape: [], values: [12] as [Int64]),
        "half": RawArray(shape: [2], scalarType: .f16, data: Data([0, 0x3E, 0, 0xC0])),
        "mask": RawArray(shape: [3], scalarType: .bool, data: Data([1, 0, 1])),
        "bytes": RawArray(shape: [1, 2], values: [0, 255] as [UInt8]),
        "empty": RawArray(shape: [0, 4], values: [] as [Float]),
        "schrödinger": RawArray(shape: [1], values: [-7] as [Int16]),
    ]
    static let metadata = ["kind": "interchange", "text": "quote \" backslash \\ newline \n umlaut ö 😀"]

    @Test(.enabled(if: python != nil, "set VAE_PYTHON to a Python with numpy and safetensors"))
    func pythonReadsOursAndWeReadPythons() throws {
        try withTemporaryFolder { folder in
            try Safetensors.write(
                Self.arrays, metadata: Self.metadata, to: folder.appendingPathComponent("swift.safetensors"))
            let weight = try #require(Self.arrays["layer.weight"])
            try NPY.write(weight, to: folder.appendingPathComponent("swift.npy"))

            let process = Process()
            process.executableURL = URL(fileURLWithPath: try #require(Self.python))
            process.arguments = [Self.script.path, folder.path]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "interchange.py refused our files; see its output.")

            let file = try Safetensors.read(folder.appendingPathComponent("python.safetensors"))
            #expect(file.metadata == Self.metadata)
            #expect(Set(file.names) == Set(Self.arrays.keys))
            for (name, array) in Self.arrays { #expect(file[name] == array) }
            #expect(try NPY.read(folder.appendingPathComponent("python.npy")) == weight)
        }
    }
}
