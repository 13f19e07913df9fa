import CTorch

/// The value of `f` at `inputs`, and its gradient with respect to each.
///
/// Nothing is recorded outside such a call: a tensor has no history unless it was made inside one.
///
/// - Parameters:
///   - inputs: Tensors of a real type; they are not changed.
///   - isDifferentiable: Whether the gradients may be differentiated again, in an enclosing call.
///   - f: Returns a scalar.
/// - Returns: The value, cut from its history unless `isDifferentiable`, and zeros where it does not depend on
///   an input.
public func valueWithGradients(
    at inputs: [Tensor], isDifferentiable: Bool = false, of f: ([Tensor]) -> Tensor
) -> (value: Tensor, gradients: [Tensor]) {
    // A history that an enclosing call records must lead through the inputs themselves.
    let leaves = inputs.map { $0.requiresGradient ? $0 : $0.recordedLeaf() }
    let value = recordingGradients { f(leaves) }
    let gradients = value.gradients(with: leaves, isDifferentiable: isDifferentiable)
    return (isDifferentiable ? value : value.withoutGradient(), gradients)
}

/// The gradient of a scalar function of one tensor.
public func gradient(at input: Tensor, isDifferentiable: Bool = false, of f: (Tensor) -> Tensor) -> Tensor {
    valueWithGradients(at: [input], isDifferentiable: isDifferentiable) { f($0[0]) }.gradients[0]
}

/// Runs `body` without recording, so that what it makes has no history.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_set_recording(false)
    defer { _ = ct_set_recording(before) }
    return try body()
}

/// Runs `body` with recording on.
package func recordingGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_set_recording(true)
    defer { _ = ct_set_recording(before) }
    return try body()
}

extension Tensor {
    /// The same value without its history: gradients stop here.
    public func withoutGradient() -> Tensor { made(ct_detach(handle), self) }

    /// Whether the tensor has a history or is the start of one.
    public var requiresGradient: Bool { read(ct_requires_gradient) }

    /// Marks the tensor itself as the start of a history, or ends that; for parameters, whose identity matters.
    package func setRequiresGradient(_ isOn: Bool) { performed(ct_set_requires_gradient(handle, isOn), self) }

    /// The same elements as the start of a new history.
    fileprivate func recordedLeaf() -> Tensor {
        let leaf = withoutGradient()
        leaf.setRequiresGradient(true)
        return leaf
    }

    /// The gradients of this scalar with respect to tensors of its history; zeros where there is no path.
    ///
    /// - Parameters:
    ///   - inputs: Tensors of its history.
    ///   - isDifferentiable: Whether the gradients record a history of their own.
    ///   - keepingHistory: Whether the history stays for another walk; otherwise it is used up.
    /// - Returns: A gradient for each input.
    package func gradients(
        with inputs: [Tensor], isDifferentiable: Bool = false, keepingHistory: Bool = false
    ) -> [Tensor] {
        guard count == 1 else {
            trap("gradients(with:)", "the value differentiated must be a scalar", [self])
        }
        guard requiresGradient, !inputs.isEmpty else { return inputs.map(Tensor.init(zerosLike:)) }
        var found = [CTTensor?](repeating: nil, count: inputs.count)
        let succeeded = inputs.withHandles {
            ct_gradients(handle, nil, $0, inputs.count, isDifferentiable, keepingHistory, &found)
        }
        performed(succeeded, self)
        return zip(inputs, found).map { input, handle in
            handle.map(Tensor.init(owning:)) ?? Tensor(zerosLike: input)
        }
    }
}
