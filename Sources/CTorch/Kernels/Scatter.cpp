// Replaces at::conv_transpose2d where few channels come out, as in a decoder's last layer: oneDNN took 15.6 ms for 64
// images from 32 channels of 32×32 to 3 of 64×64, the product takes 1.1 and the sums as much.
#include "Scatter.h"
#include "Kernel.h"

#include <ATen/Functions.h>
#include <algorithm>

namespace ct {

namespace {

CT_VECTORISED void add(float *__restrict sum, const float *__restrict term, int64_t count) {
    for (int64_t i = 0; i < count; i++) sum[i] += term[i];
}

/// The sizes of one image and its windows; a pixel is `channels` floats.
struct Sizes {
    int64_t height, width, outHeight, outWidth, windowHeight, windowWidth, channels;
    int64_t strideY, strideX, padY, padX;
};

/// Adds the windows [H, W, h, w, O] of one image where they lie. A window's row is one run of memory in both.
void add_windows(const float *windows, float *image, const Sizes &s) {
    int64_t run = s.windowWidth * s.channels;
    std::fill(image, image + s.outHeight * s.outWidth * s.channels, 0.0f);
    for (int64_t i = 0; i < s.height; i++) {
        for (int64_t u = 0; u < s.windowHeight; u++) {
            int64_t y = i * s.strideY + u - s.padY;
            if (y < 0 || y >= s.outHeight) continue;
            float *row = image + y * s.outWidth * s.channels;
            for (int64_t j = 0; j < s.width; j++) {
                const float *window = windows + ((i * s.width + j) * s.windowHeight + u) * run;
                int64_t x = j * s.strideX - s.padX;
                int64_t first = std::max<int64_t>(0, -x), last = std::min(s.windowWidth, s.outWidth - x);
                if (first < last)
                    add(row + (x + first) * s.channels, window + first * s.channels, (last - first) * s.channels);
            }
        }
    }
}

} // namespace

at::Tensor scattered_convolution(const at::Tensor &x, const at::Tensor &w, at::IntArrayRef stride,
                                 at::IntArrayRef padding, at::IntArrayRef outputPadding) {
    Sizes s{.height = x.size(2), .width = x.size(3), .windowHeight = w.size(2), .windowWidth = w.size(3),
            .channels = w.size(1), .strideY = stride[0], .strideX = stride[1], .padY = padding[0],
            .padX = padding[1]};
    s.outHeight = (s.height - 1) * s.strideY - 2 * s.padY + s.windowHeight + outputPadding[0];
    s.outWidth = (s.width - 1) * s.strideX - 2 * s.padX + s.windowWidth + outputPadding[1];
    // Channels-last, both are matrices as they lie.
    auto pixels = x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)});
    auto windows = at::mm(pixels, w.permute({0, 2, 3, 1}).reshape({w.size(0), -1}));
    auto image = at::empty({x.size(0), s.outHeight, s.outWidth, s.channels}, x.options());
    const float *from = static_cast<const float *>(windows.const_data_ptr());
    float *to = image.mutable_data_ptr<float>();
    int64_t read = s.height * s.width * windows.size(1), written = s.outHeight * s.outWidth * s.channels;
    parallel(x.size(0), 1 + 16384 / (read + written), [=](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; b++) add_windows(from + b * read, to + b * written, s);
    });
    return image.permute({0, 3, 1, 2});
}

} // namespace ct
