// A caching allocator for tensors on the CPU.
//
// LibTorch's own returns every large buffer to the kernel when it is freed, so each training step pays for its
// pages again: in a convolutional VAE that was 45 % of the step. This one keeps freed buffers, by size class,
// for the next step, and asks for huge pages. What would not fit into memory it refuses before it is touched: the system
// promises more than there is, and ends the process that takes it.
#include "Guard.h"

#include <c10/core/Allocator.h>
#include <c10/core/alignment.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/// Of CMachine, whose header is a module, which C++ cannot include here.
extern "C" long long cm_available_memory(void);

namespace {

constexpr size_t alignment = 64, hugePage = size_t(1) << 21;
/// Buffers kept for reuse beyond this are given back when a new one must be made.
constexpr size_t idleLimit = size_t(1) << 30;

/// How much may be taken before the system is asked again what is left.
constexpr size_t blindSpan = size_t(1) << 26;

/// Stands before each buffer: LibTorch hands back nothing but the pointer.
struct alignas(alignment) Header {
    size_t capacity;
};

/// Rounds up to four classes per power of two, so that a buffer is at most a quarter too large.
size_t size_class(size_t bytes) {
    if (bytes <= 256) return 256;
    size_t step = std::bit_floor(bytes - 1) / 4;
    return (bytes + step - 1) / step * step;
}

class Cache {
public:
    void *take(size_t bytes) {
        size_t capacity = size_class(bytes + sizeof(Header));
        {
            std::lock_guard lock(mutex);
            auto &list = idle[capacity];
            inUse += capacity;
            if (!list.empty()) {
                Header *header = list.back();
                list.pop_back();
                idleBytes -= capacity;
                return header + 1;
            }
            if (idleBytes > idleLimit) give_back();
        }
        bool isHuge = capacity >= hugePage;
        void *memory = make(capacity);
        if (!memory) {
            std::lock_guard lock(mutex);
            give_back();
            memory = make(capacity);
            if (!memory) {
                inUse -= capacity;
                throw ct::OutOfMemory(bytes, cm_available_memory());
            }
        }
#if defined(__linux__)
        if (isHuge) madvise(memory, round_up(capacity, true), MADV_HUGEPAGE);
#endif
        return new (memory) Header{capacity} + 1;
    }

    void give(void *data) noexcept {
        Header *header = static_cast<Header *>(data) - 1;
        size_t capacity = header->capacity;
        std::lock_guard lock(mutex);
        inUse -= capacity;
        try {
            idle[capacity].push_back(header);
            idleBytes += capacity;
        } catch (...) {
            std::free(header);
        }
    }

    void measure(long *held, long *used) {
        std::lock_guard lock(mutex);
        *used = static_cast<long>(inUse);
        *held = static_cast<long>(inUse + idleBytes);
    }

private:
    static size_t round_up(size_t bytes, bool isHuge) {
        size_t unit = isHuge ? hugePage : alignment;
        return (bytes + unit - 1) / unit * unit;
    }

    /// A new buffer; null where it would not fit.
    void *make(size_t capacity) {
        if (unasked.fetch_add(capacity, std::memory_order_relaxed) + capacity >= blindSpan) {
            long long available = cm_available_memory();
            if (available > 0 && capacity >= static_cast<size_t>(available)) return nullptr;
            unasked.store(0, std::memory_order_relaxed);
        }
        bool isHuge = capacity >= hugePage;
        return std::aligned_alloc(isHuge ? hugePage : alignment, round_up(capacity, isHuge));
    }

    void give_back() {
        for (auto &[capacity, list] : idle) {
            for (Header *header : list) std::free(header);
            list.clear();
        }
        idleBytes = 0;
    }

    std::mutex mutex;
    std::unordered_map<size_t, std::vector<Header *>> idle;
    size_t idleBytes = 0, inUse = 0;
    /// Taken since the system was asked what is left.
    std::atomic<size_t> unasked{0};
};

/// Never destroyed: tensors in static storage are freed after any destructor of ours would have run.
Cache &cache() {
    static auto *shared = new Cache();
    return *shared;
}

void release(void *data) {
    if (data) cache().give(data);
}

struct CachingAllocator final : c10::Allocator {
    c10::DataPtr allocate(size_t bytes) override {
        void *data = bytes == 0 ? nullptr : cache().take(bytes);
        // The context must equal the data, or LibTorch refuses its raw interface.
        return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &release; }

    void copy_data(void *destination, const void *source, size_t count) const override {
        std::memcpy(destination, source, count);
    }
};

CachingAllocator allocator;

/// Installed while the program loads, before the first tensor.
[[maybe_unused]] const bool installed = [] {
    c10::SetAllocator(c10::DeviceType::CPU, &allocator, /*priority=*/1);
    return true;
}();

} // namespace

void ct_memory(long *held, long *inUse) noexcept { cache().measure(held, inUse); }
