#pragma once
#include "CTBase.h"

CT_BEGIN
#pragma clang assume_nonnull begin

CT_MAKES(ct_reshape, CTTensor x, const long *shape, long rank)
CT_MAKES(ct_permute, CTTensor x, const long *axes, long rank)
CT_MAKES(ct_transpose, CTTensor x, long first, long second)
CT_MAKES(ct_expand, CTTensor x, const long *shape, long rank)
CT_MAKES(ct_unsqueeze, CTTensor x, long axis)
CT_MAKES(ct_squeeze, CTTensor x, long axis)
CT_MAKES(ct_flip, CTTensor x, const long *axes, long count)
CT_MAKES(ct_concatenate, const CTTensor _Nonnull *_Nonnull xs, long count, long axis)
CT_MAKES(ct_stack, const CTTensor _Nonnull *_Nonnull xs, long count, long axis)
CT_MAKES(ct_repeat_interleave, CTTensor x, long repeats, long axis)
CT_MAKES(ct_tril, CTTensor x, long diagonal)
CT_MAKES(ct_triu, CTTensor x, long diagonal)
CT_MAKES(ct_diagonal, CTTensor x)
CT_MAKES(ct_diag_embed, CTTensor x)

CT_MAKES(ct_select, CTTensor x, long axis, long index)
CT_MAKES(ct_slice, CTTensor x, long axis, long start, long end, long step)
CT_MAKES(ct_index_select, CTTensor x, long axis, CTTensor indices)
CT_MAKES(ct_gather, CTTensor x, long axis, CTTensor indices)
CT_MAKES(ct_scatter, CTTensor x, long axis, CTTensor indices, CTTensor source)
CT_MAKES(ct_scatter_add, CTTensor x, long axis, CTTensor indices, CTTensor source)
CT_MAKES(ct_masked_select, CTTensor x, CTTensor mask)
CT_MAKES(ct_one_hot, CTTensor x, long classes)

#pragma clang assume_nonnull end
CT_END
