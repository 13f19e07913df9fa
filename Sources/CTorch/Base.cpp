#include "Guard.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <atomic>
#include <cstdio>
#include <torch/version.h>
#include <utility>

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

static thread_local bool ranOutOfMemory = false;
thread_local bool makesShapesOnly = false;

OutOfMemory::OutOfMemory(size_t bytes, long long available) noexcept {
    constexpr double gibibyte = 1 << 30;
    std::snprintf(text, sizeof text, "out of memory: %.3g GiB are asked for at once, and %.3g GiB are left",
                  static_cast<double>(bytes) / gibibyte, static_cast<double>(available) / gibibyte);
}

void set_error(const char *message, bool isOfMemory) noexcept {
    ranOutOfMemory = isOfMemory;
    try {
        last_error() = message;
    } catch (...) {
        last_error().clear();
    }
}

} // namespace ct

using namespace ct;

const char *ct_last_error(void) noexcept { return last_error().c_str(); }
bool ct_ran_out_of_memory(void) noexcept { return ranOutOfMemory; }
bool ct_make_shapes_only(bool isOn) noexcept { return std::exchange(makesShapesOnly, isOn); }
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
