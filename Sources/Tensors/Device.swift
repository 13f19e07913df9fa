import CMachine
import CTorch
import Foundation

/// Where tensors live and operations run.
public enum Device: String, Sendable, CaseIterable, Codable {
    /// The processor's own memory.
    case cpu
}

/// Runs `body` with tensors that have a shape and a type but neither elements nor memory.
///
/// Something is put together so to see how large it would be. Whatever `body` reads of elements is 0.
///
/// - Parameter body: Makes tensors on this thread, and computes with those that it has made.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withShapesOnly<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_make_shapes_only(true)
    defer { _ = ct_make_shapes_only(before) }
    return try body()
}

/// How LibTorch runs on this machine.
public enum Engine {
    /// The version of LibTorch that this program was built against.
    public static var version: String { String(cString: ct_torch_version()) }

    /// The number of threads that one operation may use.
    ///
    /// A run repeats bit for bit at the same count only.
    public static var threadCount: Int {
        get { Int(ct_threads()) }
        set { ct_set_threads(Int32(newValue)) }
    }

    /// Takes numbers too small for float32's full precision as zero, on this thread and those it starts from now on.
    ///
    /// The logits of pixels that are never lit sink until their slopes get there, and each product with such a number
    /// costs a hundred times as much: epochs of a long run took three times as long as the first. Call it before
    /// the first operation, as its threads start then.
    public static func flushDenormals() { ct_flush_denormals() }

    /// The bytes of memory that this process may still take before the system, a container or `ulimit -v` refuses them; 0
    /// where the system does not say.
    public static var availableMemory: Int { Int(cm_available_memory()) }

    /// How many processors this process may use.
    public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// The bytes of tensor memory taken from the system, and how many of them are in use.
    public static var memory: (held: Int, inUse: Int) {
        var held = 0
        var inUse = 0
        ct_memory(&held, &inUse)
        return (held, inUse)
    }

    /// Whether `linear` takes oneDNN's products: chosen by processor at start, set by tests to compare the two.
    ///
    /// Stays off where LibTorch lacks them.
    package static var linearUsesOneDNN: Bool {
        get { ct_linear_uses_onednn() }
        set { ct_set_linear_uses_onednn(newValue) }
    }
}
