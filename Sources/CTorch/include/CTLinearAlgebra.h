#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

CT_MAKES(ct_matmul, CTTensor x, CTTensor y)
CT_MAKES(ct_cholesky, CTTensor x)
CT_MAKES(ct_cholesky_or_nan, CTTensor x)
CT_MAKES(ct_triangular_solve, CTTensor a, CTTensor b, bool upper, bool unitriangular)
CT_MAKES(ct_solve, CTTensor a, CTTensor b)
CT_MAKES(ct_logdet, CTTensor x)
/// The orthogonal factor of the reduced QR decomposition, signs fixed by R's diagonal.
CT_MAKES(ct_orthogonal_factor, CTTensor x)
/// Eigenvalues in ascending order, and eigenvectors as columns, of symmetric matrices (the lower triangle is read).
bool ct_symmetric_eigen(CTTensor x, CTTensor _Nullable *_Nonnull values,
                        CTTensor _Nullable *_Nonnull vectors) CT_NOEXCEPT;

#pragma clang assume_nonnull end
CT_END
