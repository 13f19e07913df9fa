#include "Guard.h"

#include <ATen/Functions.h>

using namespace ct;

bool ct_fused_adam(const CTTensor *parameters, const CTTensor *gradients, const CTTensor *first,
                   const CTTensor *second, const CTTensor *steps, long count, double rate, double beta1,
                   double beta2, double weightDecay, double epsilon, bool decoupled) noexcept {
    return guarded<bool>(false, [&] {
        at::NoGradGuard guard;
        auto update = decoupled ? static_cast<decltype(&at::_ops::_fused_adam_::call)>(at::_ops::_fused_adamw_::call)
                                : at::_ops::_fused_adam_::call;
        update(list(parameters, count), list(gradients, count), list(first, count), list(second, count), {},
               list(steps, count), rate, beta1, beta2, weightDecay, epsilon, /*amsgrad=*/false, /*maximize=*/false, {},
               {});
        return true;
    });
}

bool ct_fused_sgd(const CTTensor *parameters, const CTTensor *gradients, const CTTensor *momenta, long count,
                  double rate, double momentum, double weightDecay, bool nesterov, bool isFirst) noexcept {
    return guarded<bool>(false, [&] {
        at::NoGradGuard guard;
        at::_fused_sgd_(list(parameters, count), list(gradients, count), list(momenta, count), weightDecay, momentum,
                        rate, /*dampening=*/0, nesterov, /*maximize=*/false, isFirst, {}, {});
        return true;
    });
}

CTTensor ct_global_norm(const CTTensor *xs, long count) noexcept {
    return guarded<CTTensor>(nullptr, [&] {
        auto total = at::zeros({}, at::kDouble);
        for (long i = 0; i < count; i++) {
            // Squares are summed in float64: a sum of millions of float32 squares loses digits.
            total += at::linalg_vector_norm(ref(xs[i]), 2).to(at::kDouble).square();
        }
        return make(total.sqrt());
    });
}

CT_PERFORM(ct_average_all, (const CTTensor *averages, const CTTensor *values, long count, double decay),
           at::NoGradGuard guard; at::_foreach_lerp_(list(averages, count), list(values, count), 1 - decay))
