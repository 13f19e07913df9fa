#include "Guard.h"

#include <ATen/Functions.h>

using namespace ct;

bool ct_fused_sgd(const CTTensor *parameters, const CTTensor *gradients, const CTTensor *momenta, long count,
                  double rate, double momentum, double weightDecay, bool nesterov, bool isFirst) noexcept {
    return guarded<bool>(false, [&] {
        at::NoGradGuard guard;
        at::_fused_sgd_(list(parameters, count), list(gradients, count), list(momenta, count), weightDecay, momentum,
                        rate, /*dampening=*/0, nesterov, /*maximize=*/false, isFirst, {}, {});
        return true;
    });
}

CT_PERFORM(ct_average_all, (const CTTensor *averages, const CTTensor *values, long count, double decay),
           at::NoGradGuard guard; at::_foreach_lerp_(list(averages, count), list(values, count), 1 - decay))
