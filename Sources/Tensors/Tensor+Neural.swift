import CTorch

/// What a fused layer applies to its product.
public enum FusedActivation: Int32, Sendable {
    /// Nothing.
    case none = 0
    /// max(x, 0).
    case relu = 1
    /// The hyperbolic tangent.
    case tanh = 2
}

// The operations of neural networks. Images are [batch, channels, height, width].
extension Tensor {
    /// activation(self · weightᵀ + bias), the activation applied inside the product.
    ///
    /// Shapes: `self` `[..., I]`, `weight` `[O, I]`, `bias` `[O]` → `[..., O]`.
    public func linear(weight: Tensor, bias: Tensor? = nil, activation: FusedActivation = .none) -> Tensor {
        made(ct_linear(handle, weight.handle, bias?.handle, activation.rawValue), self, weight, bias)
    }

    /// Cross-correlation with `weight` `[O, I / groups, h, w]`, then the activation.
    public func convolved(
        weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1, activation: FusedActivation = .none
    ) -> Tensor {
        made(
            ct_conv2d(
                handle, weight.handle, bias?.handle, stride, padding, dilation, groups, activation.rawValue),
            self, weight, bias)
    }

    /// The transpose of a convolution with `weight` `[I, O / groups, h, w]`.
    ///
    /// `outputPadding` adds rows and columns at the far side, to reach sizes that the stride skips.
    public func transposeConvolved(
        weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0,
        outputPadding: (height: Int, width: Int) = (0, 0), groups: Int = 1,
        activation: FusedActivation = .none
    ) -> Tensor {
        made(
            ct_conv_transpose2d(
                handle, weight.handle, bias?.handle, stride, padding,
                [outputPadding.height, outputPadding.width], groups, activation.rawValue),
            self, weight, bias)
    }

    /// The largest value in each square window.
    public func maxPooled(size: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
        made(ct_max_pool2d(handle, size, stride ?? size, padding), self)
    }

    /// The mean of each square window.
    public func averagePooled(size: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
        made(ct_avg_pool2d(handle, size, stride ?? size, padding), self)
    }

    /// How `padded` fills what it adds.
    public enum PaddingMode: String, Sendable {
        /// One value.
        case constant
        /// The picture mirrored, the border pixel not repeated.
        case reflect
        /// The border pixel.
        case replicate
        /// The opposite side.
        case circular
    }

    /// Enlarged at the ends of the last axes, the new places filled as `mode` says.
    ///
    /// `amounts` are before and after, from the last axis backwards: `[left, right, top, bottom]`.
    public func padded(_ amounts: [Int], mode: PaddingMode = .constant, value: Double = 0) -> Tensor {
        made(ct_pad(handle, amounts, amounts.count, mode.rawValue, value), self)
    }

    /// How `resized` makes new pixels.
    public enum Interpolation: Sendable {
        /// The nearest pixel, centres aligned.
        case nearest
        /// Bilinear; antialiased when shrinking.
        case bilinear
    }

    /// Images in another size.
    public func resized(height: Int, width: Int, by interpolation: Interpolation = .bilinear) -> Tensor {
        switch interpolation {
        case .nearest: made(ct_interpolate_nearest(handle, height, width), self)
        case .bilinear:
            made(
                ct_interpolate_bilinear(
                    handle, height, width, height < size(along: -2) || width < size(along: -1)), self)
        }
    }

    /// Zero mean and unit variance over the last axes of `shape`, then scaled and shifted.
    public func layerNormalized(over shape: [Int], weight: Tensor?, bias: Tensor?, epsilon: Double) -> Tensor
    {
        made(ct_layer_norm(handle, shape, shape.count, weight?.handle, bias?.handle, epsilon), self, weight)
    }

    /// Zero mean and unit variance over groups of channels.
    public func groupNormalized(groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double) -> Tensor {
        made(ct_group_norm(handle, groups, weight?.handle, bias?.handle, epsilon), self, weight)
    }

    /// Zero mean and unit variance of each channel, over the batch in training, else by the running statistics.
    ///
    /// In training `runningMean` and `runningVariance` move by `momentum` towards the batch's, in place.
    public func batchNormalized(
        weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, isTraining: Bool,
        momentum: Double, epsilon: Double
    ) -> Tensor {
        made(
            ct_batch_norm(
                handle, weight.handle, bias.handle, runningMean.handle, runningVariance.handle, isTraining,
                momentum,
                epsilon), self, weight, bias)
    }

    /// The two halves of the last axis as mean and guarded log-variance of a Gaussian.
    ///
    /// The log-variance is as it is within ±limit, and grows like a logarithm beyond: ±(limit + log(1 + |x| − limit)).
    /// Its gradient there is small but nowhere zero, so that what strays can come back.
    ///
    /// Shapes: `[..., 2 N]` → `[..., N]` each.
    public func gaussianParameters(logVarianceLimit limit: Double) -> (mean: Tensor, logVariance: Tensor) {
        var mean: CTTensor?
        var logVariance: CTTensor?
        performed(ct_gaussian_parameters(handle, limit, &mean, &logVariance), self)
        return (Tensor(owning: mean!), Tensor(owning: logVariance!))
    }

    /// μ + exp(½ log σ²) ε, in one fused pass on the CPU.
    ///
    /// Shapes: `self` is μ `[...]`; `logVariance` broadcasts against it; `noise` ε `leading + [...]` → as `noise`.
    public func gaussianDraw(logVariance: Tensor, noise: Tensor) -> Tensor {
        made(ct_gaussian_draw(handle, logVariance.handle, noise.handle), self, logVariance, noise)
    }

    /// log N(x | μ, σ²) summed over the last axis, in nats, value and slopes in one fused pass each on the CPU.
    ///
    ///     −½ Σ_d [log 2π + log σ_d² + (x_d − μ_d)² / σ_d²]
    ///
    /// Shapes: `self` is x `[..., D]`; μ and log σ² `[..., D]`; each may lack leading axes of the others; → `[...]`.
    public func gaussianLogProbability(mean: Tensor, logVariance: Tensor) -> Tensor {
        made(ct_gaussian_log_probability(handle, mean.handle, logVariance.handle), self, mean, logVariance)
    }

    /// log Σ_k w_k N(x | μ_k, diag σ_k²), in nats, value and slopes in one fused pass each on the CPU.
    ///
    /// Shapes: `self` is x `[n, size]`; log w `[components]`, μ and log σ² `[components, size]`; → `[n]`. In float32 it
    /// cannot be differentiated twice.
    public func gaussianMixtureLogProbability(logWeights: Tensor, means: Tensor, logVariances: Tensor)
        -> Tensor
    {
        made(
            ct_gaussian_mixture_log_probability(
                handle, logWeights.handle, means.handle, logVariances.handle), self, logWeights, means,
            logVariances)
    }

    /// KL(N(m, exp v) ‖ N(n, exp w)) element by element, in nats, in one fused pass on the CPU.
    ///
    ///     ½ [exp(v − w) + (m − n)² exp(−w) − 1 − (v − w)]
    ///
    /// Shapes: `self` is m; v, n and w broadcast against it.
    public func gaussianDivergence(
        logVariance: Tensor, fromMean priorMean: Tensor, logVariance priorLogVariance: Tensor
    ) -> Tensor {
        made(
            ct_gaussian_divergence(
                handle, logVariance.handle, priorMean.handle, priorLogVariance.handle), self, logVariance,
            priorMean, priorLogVariance)
    }

    /// x · exp(s) + t and log |det| = Σ s, or back, (x − t) · exp(−s) and −Σ s, in one fused pass each on the CPU.
    ///
    ///     s = limit · tanh(raw / limit)
    ///
    /// Shapes: `self` is x `[..., N...]`, with `eventRank` axes in an event; `map` is raw, then t, along the first of
    /// them: `[..., 2 N...]` → as x, and `[...]`, in nats.
    public func scaledAndShifted(by map: Tensor, limit: Double, eventRank: Int, isBack: Bool = false) -> (
        value: Tensor, logDeterminant: Tensor
    ) {
        var value: CTTensor?
        var logDeterminant: CTTensor?
        performed(
            ct_scale_and_shift(handle, map.handle, limit, eventRank, isBack, &value, &logDeterminant), self,
            map)
        return (Tensor(owning: value!), Tensor(owning: logDeterminant!))
    }

    /// log Bernoulli(x | logits) summed over the last axes, value and gradient in one fused pass on the CPU.
    ///
    ///     Σ_d x_d l_d − log(1 + exp l_d)
    ///
    /// Shapes: `self` are logits `[..., D]`, D standing for `eventRank` axes; `x` the same, or without leading axes;
    /// → `[...]`, in nats. Outside {0, 1} it is the cross-entropy of grey values: a loss, not a likelihood.
    public func bernoulliLogProbability(of x: Tensor, eventRank: Int = 1) -> Tensor {
        made(ct_bernoulli_log_probability(handle, x.handle, eventRank), self, x)
    }

    /// log P of images under mixtures of discretised logistics, value and slopes in one fused pass each on the CPU.
    ///
    /// Shapes: `self` are parameters `[images, numbers, pixels]` in float32: logits [components], locations and
    /// log-scales [components · channels], which count from ½ and −2, and, for three channels, coefficients
    /// [components · 3] before a tanh; `x` are images
    /// `[some, channels, pixels]`, repeated along the leading axis; → `[images]`, in nats. It cannot be differentiated
    /// twice.
    public func logisticMixtureLogProbability(of x: Tensor, components: Int, spacing: Double) -> Tensor {
        made(ct_logistic_mixture_log_probability(handle, x.handle, components, spacing), self, x)
    }
}
