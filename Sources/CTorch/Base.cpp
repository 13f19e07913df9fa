#include "Guard.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <atomic>
#include <torch/version.h>

namespace ct {

static std::atomic<long> live_handles{0};
static thread_local long thread_handles = 0;

void count_handles(long change) noexcept {
    live_handles.fetch_add(change, std::memory_order_relaxed);
    thread_handles += change;
}

static std::string &last_error() {
    thread_local std::string message;
    return message;
}

void set_error(const char *message) noexcept {
    try {
        last_error() = message;
    } catch (...) {
        last_error().clear();
    }
}

} // namespace ct

using namespace ct;

const char *ct_last_error(void) noexcept { return last_error().c_str(); }
long ct_live_handles(void) noexcept { return live_handles.load(std::memory_order_relaxed); }
long ct_thread_handles(void) noexcept { return thread_handles; }

void ct_release(CTTensor x) noexcept {
    delete &ref(x);
    count_handles(-1);
}

long ct_rank(CTTensor x) noexcept { return ref(x).dim(); }
long ct_size(CTTensor x, long axis) noexcept { return ref(x).sizes()[axis]; }
long ct_count(CTTensor x) noexcept { return ref(x).numel(); }
int ct_dtype(CTTensor x) noexcept { return static_cast<int>(ref(x).scalar_type()); }

const char *ct_torch_version(void) noexcept { return TORCH_VERSION; }
int ct_threads(void) noexcept { return at::get_num_threads(); }
void ct_set_threads(int count) noexcept { at::set_num_threads(count); }
void ct_flush_denormals(void) noexcept { at::globalContext().setFlushDenormal(true); }
