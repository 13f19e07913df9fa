import CTorch

/// A multidimensional array of numbers of one type, held by LibTorch.
///
/// A tensor is a value to its reader: every operation makes a new one, and only the methods that say so
/// (`copy(from:)`, `add(_:scaledBy:)`…) change its elements in place. Several names may share one storage, so
/// changing one in place while another thread reads it is the caller's mistake; reading is always safe.
///
/// A programmer's mistake (shapes that do not fit, a dtype that an operation does not take) traps with the
/// operation, the shapes and the line that called it.
public struct Tensor: @unchecked Sendable {
    let storage: Storage

    /// The bare handle; valid while `self` lives, so name `self` again after its last use.
    var handle: CTTensor { storage.handle }

    /// Asks LibTorch something about the tensor while keeping it alive.
    func read<Answer>(_ question: (CTTensor) -> Answer) -> Answer {
        withExtendedLifetime(storage) { question(storage.handle) }
    }

    init(owning handle: CTTensor) {
        storage = Storage(handle)
    }

    /// Frees the handle with the last copy.
    final class Storage {
        let handle: CTTensor

        init(_ handle: CTTensor) {
            self.handle = handle
        }

        deinit {
            ct_release(handle)
        }
    }
}

extension Tensor {
    /// The number of axes; 0 for a scalar.
    public var rank: Int { read(ct_rank) }

    /// The size along each axis.
    public var shape: [Int] { read { handle in (0..<ct_rank(handle)).map { ct_size(handle, $0) } } }

    /// The number of elements.
    public var count: Int { read(ct_count) }

    /// The bytes that the elements take, were each held by itself.
    public var byteCount: Int { count * dtype.byteWidth }

    /// The size along one axis; a negative axis counts from the end.
    public func size(along axis: Int) -> Int {
        let resolved = axis < 0 ? axis + rank : axis
        guard (0..<rank).contains(resolved) else {
            trap("size(along: \(axis))", "the axis does not exist", [self])
        }
        return read { ct_size($0, resolved) }
    }

    /// The type of the elements.
    public var dtype: DType {
        let code = read(ct_dtype)
        guard let dtype = DType(rawValue: code) else {
            trap("dtype", "LibTorch's type \(code) is not one of ours", [])
        }
        return dtype
    }

    /// Where the elements are.
    public var device: Device { .cpu }
}

/// The number of tensors alive in this process: a leak shows as a count that grows.
public var liveTensorCount: Int { ct_live_handles() }

/// The tensors that this thread made, less those it freed: what other threads do meanwhile does not show.
package var liveTensorCountOfThread: Int { ct_thread_handles() }
