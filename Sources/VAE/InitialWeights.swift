import Bounds
import Formats
import Foundation
import Layers
import Runs
import Tensors

extension LatentVariableModel {
    /// Takes over the weights in a safetensors file, which may come from another program.
    ///
    /// Every weight of the model must be there under our key and in our shape; F16, BF16 and F64 are brought to the
    /// model's own type. Running statistics may be absent.
    ///
    /// - Parameter path: Of the file.
    /// - Throws: `FormatError.file` where it cannot be read; `RunsError.mismatch`, naming every key that does not fit.
    func loadWeights(from path: String) throws {
        let file = try Safetensors.read(URL(fileURLWithPath: path))
        let state = ModuleState(self)
        let types = Dictionary(uniqueKeysWithValues: state.tensors.map { ($0.key, $0.tensor.dtype) })
        var tensors: [String: Tensor] = [:]
        for name in file.names {
            let array = try file.tensor(named: name)
            let values = Tensor(array.converted(to: Double.self), shape: array.shape)
            tensors[name] = values.converted(to: types[name] ?? .float32)
        }
        for (key, buffer) in state.buffers where tensors[key] == nil { tensors[key] = buffer.value }
        do {
            try state.load(tensors)
        } catch {
            throw RunsError.mismatch(path: path, reason: "\(error)")
        }
        if let name = state.firstNotFinite() { throw RunsError.notFinite(path: path, name: name) }
    }
}
