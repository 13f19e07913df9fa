import CTorch

/// Updates of many tensors in one sweep over memory, in place and never recorded: the inside of optimisers.
package enum FusedOptimizer {
    /// One step of Adam, or of AdamW where the decay is decoupled.
    ///
    /// The parameters, which must be contiguous, `first` (the running means of the gradients) and `second` (of
    /// their squares) move. `step` is the number of this step, from 1.
    package static func adam(
        _ parameters: [Tensor], gradients: [Tensor], first: [Tensor], second: [Tensor], step: Int,
        learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        isDecoupled: Bool
    ) {
        guard !parameters.isEmpty else { return }
        let gradients = matched(gradients, to: parameters)
        let succeeded = parameters.withHandles { parameterHandles in
            gradients.withHandles { gradientHandles in
                first.withHandles { firstHandles in
                    second.withHandles { secondHandles in
                        ct_fused_adam(
                            parameterHandles, gradientHandles, firstHandles, secondHandles, parameters.count,
                            step, learningRate, beta1, beta2, weightDecay, epsilon, isDecoupled)
                    }
                }
            }
        }
        performed(succeeded, parameters[0], gradients[0])
    }

    /// One step of stochastic gradient descent with momentum.
    ///
    /// The parameters, which must be contiguous, and `momenta` (the running sums of gradients, zeros at first) move.
    package static func momentum(
        _ parameters: [Tensor], gradients: [Tensor], momenta: [Tensor], learningRate: Double,
        momentum: Double, weightDecay: Double, isNesterov: Bool
    ) {
        guard !parameters.isEmpty else { return }
        let gradients = matched(gradients, to: parameters)
        let succeeded = parameters.withHandles { parameterHandles in
            gradients.withHandles { gradientHandles in
                momenta.withHandles { momentumHandles in
                    ct_fused_sgd(
                        parameterHandles, gradientHandles, momentumHandles, parameters.count, learningRate,
                        momentum, weightDecay, isNesterov, false)
                }
            }
        }
        performed(succeeded, parameters[0], gradients[0])
    }

    /// averages = decay · averages + (1 − decay) · values.
    package static func average(_ averages: [Tensor], towards values: [Tensor], decay: Double) {
        guard !averages.isEmpty else { return }
        let succeeded = averages.withHandles { averageHandles in
            values.withHandles { ct_average_all(averageHandles, $0, averages.count, decay) }
        }
        performed(succeeded, averages[0], values[0])
    }

    /// The gradients in the parameters' memory order, which LibTorch's sweeps assume without looking.
    private static func matched(_ gradients: [Tensor], to parameters: [Tensor]) -> [Tensor] {
        zip(gradients, parameters).map { gradient, parameter in
            guard gradient.shape == parameter.shape, gradient.dtype == parameter.dtype else {
                trap("step", "a gradient must match its parameter", [gradient, parameter])
            }
            return gradient.contiguous()
        }
    }
}

extension [Tensor] {
    /// The Euclidean norm of all elements of all tensors together: a float64 scalar.
    ///
    /// It is not finite where an element is not (or is beyond 1e19 in float32, whose square overflows), so that one
    /// number, read when convenient, tells whether a step's gradients can be used.
    ///
    /// - Precondition: There is a tensor.
    public func globalNorm() -> Tensor {
        precondition(!isEmpty, "the norm of no tensors was asked for")
        return made(withHandles { ct_global_norm($0, count) }, first)
    }
}
