#include "Guard.h"

#include <ATen/Functions.h>

using namespace ct;

CT_DEFINE(ct_reshape, (CTTensor x, const long *shape, long rank), at::reshape(ref(x), ints(shape, rank)))
CT_DEFINE(ct_permute, (CTTensor x, const long *axes, long rank), at::permute(ref(x), ints(axes, rank)))
CT_DEFINE(ct_transpose, (CTTensor x, long first, long second), at::transpose(ref(x), first, second))
CT_DEFINE(ct_expand, (CTTensor x, const long *shape, long rank), ref(x).expand(ints(shape, rank)))
CT_DEFINE(ct_unsqueeze, (CTTensor x, long axis), at::unsqueeze(ref(x), axis))
CT_DEFINE(ct_squeeze, (CTTensor x, long axis), at::squeeze(ref(x), axis))
CT_DEFINE(ct_flip, (CTTensor x, const long *axes, long count), at::flip(ref(x), ints(axes, count)))
CT_DEFINE(ct_concatenate, (const CTTensor *xs, long count, long axis), at::cat(list(xs, count), axis))
CT_DEFINE(ct_stack, (const CTTensor *xs, long count, long axis), at::stack(list(xs, count), axis))
CT_DEFINE(ct_repeat_interleave, (CTTensor x, long repeats, long axis),
          at::repeat_interleave(ref(x), repeats, axis))
CT_DEFINE(ct_tril, (CTTensor x, long diagonal), at::tril(ref(x), diagonal))
CT_DEFINE(ct_triu, (CTTensor x, long diagonal), at::triu(ref(x), diagonal))
CT_DEFINE(ct_diagonal, (CTTensor x), at::diagonal(ref(x), 0, -2, -1))
CT_DEFINE(ct_diag_embed, (CTTensor x), at::diag_embed(ref(x)))

CT_DEFINE(ct_select, (CTTensor x, long axis, long index), at::select(ref(x), axis, index))
CT_DEFINE(ct_slice, (CTTensor x, long axis, long start, long end, long step),
          at::slice(ref(x), axis, start, end, step))
CT_DEFINE(ct_index_select, (CTTensor x, long axis, CTTensor indices), at::index_select(ref(x), axis, ref(indices)))
CT_DEFINE(ct_gather, (CTTensor x, long axis, CTTensor indices), at::gather(ref(x), axis, ref(indices)))
CT_DEFINE(ct_scatter, (CTTensor x, long axis, CTTensor indices, CTTensor source),
          at::scatter(ref(x), axis, ref(indices), ref(source)))
CT_DEFINE(ct_scatter_add, (CTTensor x, long axis, CTTensor indices, CTTensor source),
          at::scatter_add(ref(x), axis, ref(indices), ref(source)))
CT_DEFINE(ct_masked_select, (CTTensor x, CTTensor mask), at::masked_select(ref(x), ref(mask)))
CT_DEFINE(ct_one_hot, (CTTensor x, long classes), at::one_hot(ref(x), classes))
