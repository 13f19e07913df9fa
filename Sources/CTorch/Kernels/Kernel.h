// What our own loops share: one source, compiled for several instruction sets and chosen when the program
// starts, run through LibTorch's own thread pool.
#pragma once

#include <torch/csrc/stable/c/shim.h>

#include <cstdint>
#include <stdexcept>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#if defined(__x86_64__) && defined(__linux__)
#define CT_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_VECTORISED
#endif

namespace ct {

/// While it lives, numbers too small for float32's full precision are taken as zero on this thread. The running means
/// of rarely lit pixels decay into that range, where each operation costs a hundred times as much.
class FlushesDenormals {
#if defined(__SSE__)
    static constexpr unsigned flags = 0x8040; // results (FTZ) and operands (DAZ)
    unsigned before = _mm_getcsr();

public:
    FlushesDenormals() { _mm_setcsr(before | flags); }
    ~FlushesDenormals() { _mm_setcsr(before); }
#else
public:
    FlushesDenormals() {}
#endif
    FlushesDenormals(const FlushesDenormals &) = delete;
};

/// Runs `body(begin, end)` over [0, count) in pieces of at least `grain`.
/// at::parallel_for in the headers is serial without OpenMP in this compiler; the library's own is not.
template <typename Body>
void parallel(int64_t count, int64_t grain, const Body &body) {
    auto call = [](int64_t begin, int64_t end, void *context) {
        FlushesDenormals flushes;
        (*static_cast<const Body *>(context))(begin, end);
    };
    if (torch_parallel_for(0, count, grain, call, const_cast<Body *>(&body)) != 0)
        throw std::runtime_error("a parallel loop failed");
}

} // namespace ct
