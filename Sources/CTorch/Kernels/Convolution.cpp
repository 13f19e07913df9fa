// activation(x * w + b) and its transpose, channels-last throughout, bias and activation in one walk.
//
// Replaces at::conv2d + at::relu in the default layout, in which oneDNN reaches half the rate or copies into a layout
// of its own at each layer. The elements of a channels-last image are rows of channels: what comes after a product is
// the same walk as in a linear layer.
#include "../Guard.h"
#include "Epilogue.h"
#include "Scatter.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>

namespace ct::convolution {

namespace {

constexpr auto channelsLast = at::MemoryFormat::ChannelsLast;

/// [B, C, H, W] as rows of channels [B, H, W, C], the same elements.
at::Tensor as_rows(const at::Tensor &images) { return images.permute({0, 2, 3, 1}); }
at::Tensor as_images(const at::Tensor &rows) { return rows.permute({0, 3, 1, 2}); }

/// Fewer channels than this are an end of the network, where oneDNN's kernels are slow.
constexpr int64_t few = 16;

/// Everything about a convolution but its tensors.
struct Geometry {
    std::vector<int64_t> stride, padding, dilation, outputPadding;
    bool transposed;
    int64_t groups;

    at::Tensor apply(const at::Tensor &x, const at::Tensor &w) const {
        bool scatters = transposed && w.size(1) < few && groups == 1 && dilation[0] == 1 && dilation[1] == 1 &&
                        x.scalar_type() == at::kFloat && x.numel() > 0 && !at::GradMode::is_enabled();
        if (scatters) return scattered_convolution(x, w, stride, padding, outputPadding);
        return at::convolution(x, w, std::nullopt, stride, padding, dilation, transposed, outputPadding, groups);
    }

    /// The map that carries this one's gradients back: from images of this one's output to those of the size of `x`.
    Geometry adjoint(const at::Tensor &x, const at::Tensor &y, const at::Tensor &w) const {
        auto back = *this;
        back.transposed = !transposed;
        for (int axis = 0; axis < 2; axis++) {
            auto reach = (y.size(axis + 2) - 1) * stride[axis] - 2 * padding[axis] +
                         dilation[axis] * (w.size(axis + 2) - 1) + 1;
            back.outputPadding[axis] = transposed ? 0 : x.size(axis + 2) - reach;
        }
        return back;
    }

    /// The slope of Σ g · apply(x, w) in w.
    at::Tensor weight_slope(const at::Tensor &g, const at::Tensor &x, const at::Tensor &w) const {
        return std::get<1>(at::convolution_backward(g, x, w, std::nullopt, stride, padding, dilation, transposed,
                                                    outputPadding, groups, {false, true, false}));
    }
};

struct Convolution : torch::autograd::Function<Convolution> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &w,
                              const std::optional<at::Tensor> &b, const Geometry &how, int activation) {
        at::AutoDispatchBelowADInplaceOrView below;
        auto images = x.contiguous(channelsLast), windows = w.contiguous(channelsLast);
        auto rows = as_rows(how.apply(images, windows).contiguous(channelsLast));
        auto y = as_images(activated(std::move(rows), b, static_cast<Activation>(activation)));
        auto &data = context->saved_data;
        data["stride"] = how.stride, data["padding"] = how.padding, data["dilation"] = how.dilation;
        data["outputPadding"] = how.outputPadding, data["transposed"] = how.transposed, data["groups"] = how.groups;
        data["activation"] = activation, data["biased"] = b.has_value();
        // An image without gradient is kept as it lies now, so that it need not be turned again.
        context->save_for_backward({x.requires_grad() ? x : images, w, activation == CT_ACTIVATION_NONE ? at::Tensor() : y});
        return y;
    }

    /// By reference, so that the gradient can be taken over and overwritten.
    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::tensor_list &incoming) {
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &w = saved[1], &y = saved[2];
        auto &data = context->saved_data;
        // An absent bias is no input, and asking about it is an error.
        bool summed = data["biased"].toBool() && context->needs_input_grad(2);
        auto received = as_rows(incoming[0].contiguous(channelsLast));
        incoming[0].reset();
        auto [rows, toB] = carried_back(std::move(received), y.defined() ? as_rows(y) : y,
                                        static_cast<Activation>(data["activation"].toInt()), summed);
        auto g = as_images(rows);
        Geometry how{data["stride"].toIntVector(),        data["padding"].toIntVector(), data["dilation"].toIntVector(),
                     data["outputPadding"].toIntVector(), data["transposed"].toBool(),   data["groups"].toInt()};
        auto back = how.adjoint(x, g, w);
        auto windows = w.contiguous(channelsLast);
        at::Tensor toX, toW;
        // The forward pass of the adjoint takes half to a quarter of the time of at::convolution_backward.
        if (context->needs_input_grad(0)) toX = back.apply(g, windows);
        if (context->needs_input_grad(1)) {
            // Both forms are the same sum; the transposed one is faster, except where channels are few.
            bool isAsItIs = how.transposed == (std::min(w.size(0), w.size(1)) >= few);
            auto images = x.contiguous(channelsLast);
            toW = isAsItIs ? how.weight_slope(g, images, windows) : back.weight_slope(images, g, windows);
        }
        // The optimiser walks parameters and gradients in one order.
        if (toW.defined()) toW = toW.contiguous();
        return {toX, toW, toB, at::Tensor(), at::Tensor()};
    }
};

at::Tensor convolution(const at::Tensor &x, const at::Tensor &w, const std::optional<at::Tensor> &b, Geometry how,
                       int activation) {
    if (x.is_cpu() && x.dim() == 4 && w.dim() == 4) return Convolution::apply(x, w, b, how, activation);
    auto y = at::convolution(x, w, b, how.stride, how.padding, how.dilation, how.transposed, how.outputPadding,
                             how.groups);
    return activation == CT_ACTIVATION_RELU ? at::relu(y) : activation == CT_ACTIVATION_TANH ? at::tanh(y) : y;
}

} // namespace

CT_DEFINE(ct_conv2d,
          (CTTensor x, CTTensor w, CTTensor b, long stride, long padding, long dilation, long groups, int activation),
          convolution(ref(x), ref(w), maybe(b),
                      {{stride, stride}, {padding, padding}, {dilation, dilation}, {0, 0}, false, groups}, activation))
CT_DEFINE(ct_conv_transpose2d,
          (CTTensor x, CTTensor w, CTTensor b, long stride, long padding, const long *outputPadding, long groups,
           int activation),
          convolution(ref(x), ref(w), maybe(b),
                      {{stride, stride}, {padding, padding}, {1, 1}, ints(outputPadding, 2).vec(), true, groups},
                      activation))

} // namespace ct::convolution
