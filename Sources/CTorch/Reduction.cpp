#include "Guard.h"

#include <ATen/Functions.h>

using namespace ct;

/// Every axis of `x`, for reductions of ATen that do not take "all" by absence.
static std::vector<int64_t> named(const at::Tensor &x, const long *values, long count) {
    if (count > 0) return ints(values, count).vec();
    std::vector<int64_t> all(x.dim());
    for (int64_t i = 0; i < x.dim(); i++) all[i] = i;
    return all;
}

CT_DEFINE(ct_sum, (CTTensor x, const long *a, long n, bool keep), at::sum(ref(x), axes(a, n), keep))
CT_DEFINE(ct_mean, (CTTensor x, const long *a, long n, bool keep),
          // The mean over one draw of z is the draw: no pass and no division.
          n == 1 && !keep && ref(x).dim() > 0 && ref(x).size(a[0]) == 1 && at::isFloatingType(ref(x).scalar_type())
              ? at::squeeze(ref(x), a[0])
              : at::mean(ref(x), axes(a, n), keep))
CT_DEFINE(ct_amax, (CTTensor x, const long *a, long n, bool keep), at::amax(ref(x), named(ref(x), a, n), keep))
CT_DEFINE(ct_amin, (CTTensor x, const long *a, long n, bool keep), at::amin(ref(x), named(ref(x), a, n), keep))
CT_DEFINE(ct_logsumexp, (CTTensor x, const long *a, long n, bool keep),
          at::logsumexp(ref(x), named(ref(x), a, n), keep))
CT_DEFINE(ct_variance, (CTTensor x, const long *a, long n, bool unbiased, bool keep),
          at::var(ref(x), axes(a, n), std::optional<at::Scalar>(unbiased ? 1 : 0), keep))
CT_DEFINE(ct_norm, (CTTensor x, const long *a, long n, double order, bool keep),
          at::linalg_vector_norm(ref(x), order, axes(a, n), keep))
CT_DEFINE(ct_argmax, (CTTensor x, long axis, bool keep), at::argmax(ref(x), axis, keep))
CT_DEFINE(ct_argmin, (CTTensor x, long axis, bool keep), at::argmin(ref(x), axis, keep))
CT_DEFINE(ct_cumsum, (CTTensor x, long axis), at::cumsum(ref(x), axis))
CT_DEFINE(ct_softmax, (CTTensor x, long axis), at::softmax(ref(x), axis))
CT_DEFINE(ct_log_softmax, (CTTensor x, long axis), at::log_softmax(ref(x), axis))
CT_DEFINE(ct_all, (CTTensor x), at::all(ref(x)))
CT_DEFINE(ct_any, (CTTensor x), at::any(ref(x)))
CT_DEFINE(ct_argsort, (CTTensor x, long axis, bool descending), at::argsort(ref(x), /*stable=*/true, axis, descending))
