// The single place where C++ exceptions end and handles begin.
#pragma once

#include "CTorch.h"

#include <ATen/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <exception>
#include <new>
#include <string>

namespace ct {

/// Keeps `message` as this thread's last error, without the C++ stack that LibTorch appends.
void set_error(const char *message, bool isOfMemory = false) noexcept;

/// A buffer that does not fit into memory.
class OutOfMemory : public std::bad_alloc {
public:
    OutOfMemory(size_t bytes, long long available) noexcept;
    const char *what() const noexcept override { return text; }

private:
    char text[160];
};

/// Whether what is made on this thread has a shape and a type alone.
extern thread_local bool makesShapesOnly;

/// Adds to the counts of live handles, of the process and of this thread.
void count_handles(long change) noexcept;

inline at::Tensor &ref(CTTensor handle) { return *reinterpret_cast<at::Tensor *>(handle); }

inline CTTensor make(at::Tensor tensor) {
    auto *owned = new at::Tensor(std::move(tensor));
    count_handles(1);
    return reinterpret_cast<CTTensor>(owned);
}

inline std::optional<at::Tensor> maybe(CTTensor handle) {
    return handle ? std::optional<at::Tensor>(ref(handle)) : std::nullopt;
}

inline at::Tensor or_undefined(CTTensor handle) { return handle ? ref(handle) : at::Tensor(); }

inline at::IntArrayRef ints(const long *values, long count) {
    static_assert(sizeof(long) == sizeof(int64_t));
    return {reinterpret_cast<const int64_t *>(values), static_cast<size_t>(count)};
}

/// The axes to reduce: none named means all.
inline at::OptionalIntArrayRef axes(const long *values, long count) {
    return count == 0 ? std::nullopt : std::optional<at::IntArrayRef>(ints(values, count));
}

inline std::vector<at::Tensor> list(const CTTensor *handles, long count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (long i = 0; i < count; i++) tensors.push_back(ref(handles[i]));
    return tensors;
}

inline at::ScalarType dtype(int code) { return static_cast<at::ScalarType>(code); }

/// How a new tensor is made.
inline at::TensorOptions options(int code) {
    return at::TensorOptions(dtype(code)).device(makesShapesOnly ? at::kMeta : at::kCPU);
}

/// A number in the kind of `x`, so that an integer tensor stays one when the number is whole.
inline at::Scalar scalar(const at::Tensor &x, double value) {
    auto whole = static_cast<int64_t>(value);
    if (at::isIntegralType(x.scalar_type(), true) && static_cast<double>(whole) == value) return whole;
    return value;
}

/// Runs `body`; on any exception records the message and returns `failed`.
template <typename Result, typename Body>
Result guarded(Result failed, Body &&body) noexcept {
    try {
        return body();
    } catch (const c10::Error &error) {
        set_error(error.what_without_backtrace());
    } catch (const OutOfMemory &error) {
        set_error(error.what(), true);
    } catch (const std::bad_alloc &) {
        set_error("out of memory", true);
    } catch (const std::exception &error) {
        set_error(error.what());
    } catch (...) {
        set_error("unknown C++ exception");
    }
    return failed;
}

} // namespace ct

/// Defines a function that makes a tensor: CT_DEFINE(ct_exp, (CTTensor x), at::exp(ref(x)))
#define CT_DEFINE(name, parameters, ...)                                                                             \
    extern "C" CTTensor name parameters noexcept {                                                                   \
        return ct::guarded<CTTensor>(nullptr, [&] { return ct::make(__VA_ARGS__); });                                \
    }

/// Defines a function that acts in place and reports success.
#define CT_PERFORM(name, parameters, ...)                                                                            \
    extern "C" bool name parameters noexcept {                                                                       \
        return ct::guarded<bool>(false, [&] {                                                                        \
            __VA_ARGS__;                                                                                             \
            return true;                                                                                             \
        });                                                                                                          \
    }
