#include "Guard.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>

using namespace ct;

CT_DEFINE(ct_matmul, (CTTensor x, CTTensor y), at::matmul(ref(x), ref(y)))
CT_DEFINE(ct_cholesky, (CTTensor x), at::linalg_cholesky(ref(x)))
CT_DEFINE(ct_cholesky_or_nan, (CTTensor x), [](const at::Tensor &matrices) {
    auto [factors, failures] = at::linalg_cholesky_ex(matrices);
    return at::where((failures == 0).unsqueeze(-1).unsqueeze(-1), factors, std::nan(""));
}(ref(x)))
CT_DEFINE(ct_triangular_solve, (CTTensor a, CTTensor b, bool upper, bool unitriangular),
          at::linalg_solve_triangular(ref(a), ref(b), upper, /*left=*/true, unitriangular))
CT_DEFINE(ct_solve, (CTTensor a, CTTensor b), at::linalg_solve(ref(a), ref(b)))
CT_DEFINE(ct_logdet, (CTTensor x), at::logdet(ref(x)))

CTTensor ct_orthogonal_factor(CTTensor x) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto [q, r] = at::linalg_qr(ref(x));
        return make(at::mul(q, at::sgn(at::diagonal(r, 0, -2, -1)).unsqueeze(-2)));
    });
}

bool ct_symmetric_eigen(CTTensor x, CTTensor *values, CTTensor *vectors) noexcept {
    return guarded<bool>(false, [&] {
        auto [eigenvalues, eigenvectors] = at::linalg_eigh(ref(x));
        *values = make(eigenvalues);
        *vectors = make(eigenvectors);
        return true;
    });
}
