#include "Guard.h"

#include <ATen/Functions.h>

using namespace ct;

CT_DEFINE(ct_max_pool2d, (CTTensor x, long size, long stride, long padding),
          at::max_pool2d(ref(x), {size, size}, {stride, stride}, {padding, padding}))
CT_DEFINE(ct_avg_pool2d, (CTTensor x, long size, long stride, long padding),
          at::avg_pool2d(ref(x), {size, size}, {stride, stride}, {padding, padding}))
CT_DEFINE(ct_pad, (CTTensor x, const long *amounts, long count, const char *mode, double value),
          at::pad(ref(x), ints(amounts, count), mode,
                  std::string_view(mode) == "constant" ? std::optional<double>(value) : std::nullopt))
CT_DEFINE(ct_interpolate_nearest, (CTTensor x, long height, long width),
          at::_upsample_nearest_exact2d(ref(x), {height, width}))

CTTensor ct_interpolate_bilinear(CTTensor x, long height, long width, bool antialias) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        return make(antialias ? at::_upsample_bilinear2d_aa(ref(x), {height, width}, false)
                              : at::upsample_bilinear2d(ref(x), {height, width}, false));
    });
}

CT_DEFINE(ct_layer_norm, (CTTensor x, const long *shape, long rank, CTTensor w, CTTensor b, double epsilon),
          at::layer_norm(ref(x), ints(shape, rank), maybe(w), maybe(b), epsilon))
CT_DEFINE(ct_group_norm, (CTTensor x, long groups, CTTensor w, CTTensor b, double epsilon),
          at::group_norm(ref(x), groups, maybe(w), maybe(b), epsilon))
CT_DEFINE(ct_batch_norm,
          (CTTensor x, CTTensor w, CTTensor b, CTTensor mean, CTTensor variance, bool training, double momentum,
           double epsilon),
          at::batch_norm(ref(x), ref(w), ref(b), ref(mean), ref(variance), training, momentum, epsilon, true))
