import Foundation

/// A libFuzzer target: whatever the bytes, a reader returns or throws a `FormatError`, and what it returns is whole.
///
/// `scripts/fuzz` compiles this together with the sources of `Formats`, into one module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let data = Data(bytes: bytes, count: count)
    do {
        try reader(data)
    } catch let error as FormatError {
        // The text of every error must come out on one line.
        precondition(!error.description.utf8.contains(0x0A), "An error of several lines: \(error)")
    } catch {
        fatalError("Not a FormatError: \(error)")
    }
    return 0
}

private let reader: @Sendable (Data) throws -> Void = {
    let name = ProcessInfo.processInfo.environment["FUZZ_READER"] ?? ""
    guard let reader = readers[name] else {
        fatalError("FUZZ_READER must be one of \(readers.keys.sorted()).")
    }
    return reader
}()

private let readers: [String: @Sendable (Data) throws -> Void] = [
    "safetensors": { data in
        let file = try SafetensorsFile(data)
        let size = try file.names.reduce(0) { try $0 + file.tensor(named: $1).data.count }
        precondition(size == file.tensorBytes.count, "Tensors of \(size) bytes do not fill the file.")
        for name in file.names { _ = try file.tensor(named: name).converted(to: Float.self) }
    },
    "idx": { data in
        let array = try IDX.decode(data)
        precondition(try! IDX.decode(IDX.encode(array)).shape == array.shape, "IDX lost a shape.")
    },
    "npy": { data in
        let array = try NPY.decode(data)
        precondition(try! NPY.decode(NPY.encode(array)) == array, "NPY lost an array.")
    },
    "npz": { data in _ = try NPZ.decode(data) },
    "csv": { data in
        let table = try CSV.decode(data)
        _ = try table.matrix()
    },
    "amat": { data in _ = try AMAT.decode(data, as: Float.self) },
    "bif": { data in
        var network = try BIF.decode(data)
        var again = try! BIF.decode(BIF.encode(network))
        // Blocks may lose their places, and what has no name gets one.
        if network.name.isEmpty { network.name = again.name }
        for place in network.variables.indices {
            (network.variables[place].line, again.variables[place].line) = (0, 0)
        }
        precondition(again == network, "BIF lost something.")
    },
    "gzip": { data in _ = try Gzip.inflate(data, limit: 1 << 20) },
    "image": { data in
        // Large images are slow and teach nothing: a header that claims one is passed over.
        if PNG.isPNG(data), data.dropFirst(16).prefix(8).filter({ $0 != 0 }).count > 4 { return }
        let image = try ImageFile.decode(data, atLeast: (8, 8))
        precondition(try! PNG.decode(PNG.encode(image)) == image, "PNG lost an image.")
    },
]
