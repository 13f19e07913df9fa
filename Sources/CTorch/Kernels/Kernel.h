// What our own loops share: one source, compiled for several instruction sets and chosen when the program
// starts, run through LibTorch's own thread pool.
#pragma once

#include <torch/csrc/stable/c/shim.h>

#include <cstdint>
#include <stdexcept>

#if defined(__x86_64__) && defined(__linux__)
#define CT_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_VECTORISED
#endif

namespace ct {

/// Runs `body(begin, end)` over [0, count) in pieces of at least `grain`.
/// at::parallel_for in the headers is serial without OpenMP in this compiler; the library's own is not.
template <typename Body>
void parallel(int64_t count, int64_t grain, const Body &body) {
    auto call = [](int64_t begin, int64_t end, void *context) {
        (*static_cast<const Body *>(context))(begin, end);
    };
    if (torch_parallel_for(0, count, grain, call, const_cast<Body *>(&body)) != 0)
        throw std::runtime_error("a parallel loop failed");
}

} // namespace ct
