#include "Backward.h"
#include "Guard.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

using namespace ct;

bool ct_set_recording(bool on) noexcept {
    bool before = at::GradMode::is_enabled();
    at::GradMode::set_enabled(on);
    return before;
}

bool ct_requires_gradient(CTTensor x) noexcept { return ref(x).requires_grad(); }
CT_PERFORM(ct_set_requires_gradient, (CTTensor x, bool on), ref(x).set_requires_grad(on))
CT_DEFINE(ct_detach, (CTTensor x), ref(x).detach())

bool ct_gradients(CTTensor y, CTTensor cotangent, const CTTensor *inputs, long count, bool recording,
                  bool kept, CTTensor *gradients) noexcept {
    return guarded<bool>(false, [&] {
        auto &value = ref(y);
        auto weight = cotangent ? ref(cotangent) : at::ones_like(value, at::MemoryFormat::Preserve);
        auto found = recording ? torch::autograd::grad({value}, list(inputs, count), {weight}, recording, recording,
                                                       /*allow_unused=*/true)
                               : gradients_unrecorded(value, weight, list(inputs, count), kept);
        for (long i = 0; i < count; i++) gradients[i] = found[i].defined() ? make(found[i]) : nullptr;
        return true;
    });
}
