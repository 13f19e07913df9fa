#include "Guard.h"

#include <ATen/Functions.h>
#include <cstring>

using namespace ct;

CT_DEFINE(ct_full, (const long *shape, long rank, double value, int type),
          at::full(ints(shape, rank), value, options(type)))
CT_DEFINE(ct_arange, (double start, double end, double step, int type),
          at::arange(start, end, step, options(type)))
CT_DEFINE(ct_linspace, (double start, double end, long count, int type),
          at::linspace(start, end, count, options(type)))
CT_DEFINE(ct_eye, (long size, int type), at::eye(size, options(type)))

CTTensor ct_from_bytes(const void *bytes, const long *shape, long rank, int type) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto made = at::empty(ints(shape, rank), options(type));
        if (!made.is_meta() && made.nbytes() > 0) std::memcpy(made.mutable_data_ptr(), bytes, made.nbytes());
        return make(std::move(made));
    });
}

bool ct_copy_bytes(CTTensor x, void *destination, long byteCount) noexcept {
    return guarded<bool>(false, [&] {
        if (ref(x).is_meta()) {
            // Nothing is known of the elements.
            std::memset(destination, 0, byteCount);
            return true;
        }
        auto source = ref(x).detach().cpu().contiguous();
        TORCH_CHECK(static_cast<long>(source.nbytes()) == byteCount, "the destination holds ", byteCount,
                    " bytes, the tensor ", source.nbytes());
        if (byteCount > 0) std::memcpy(destination, source.const_data_ptr(), byteCount);
        return true;
    });
}

void *ct_data(CTTensor x) noexcept {
    auto &tensor = ref(x);
    return tensor.is_cpu() && tensor.is_contiguous() ? tensor.data_ptr() : nullptr;
}

CT_DEFINE(ct_to_dtype, (CTTensor x, int type), ref(x).to(dtype(type)))
CT_DEFINE(ct_clone, (CTTensor x), ref(x).clone())
CT_DEFINE(ct_contiguous, (CTTensor x), ref(x).contiguous())
CT_PERFORM(ct_copy_in, (CTTensor x, CTTensor source), at::NoGradGuard guard; ref(x).copy_(ref(source)))
