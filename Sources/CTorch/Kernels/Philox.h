// Philox 4×32-10, the counter-based generator of Salmon et al. 2011 (https://doi.org/10.1145/2063384.2063405).
#pragma once

#include <cstdint>

namespace ct {

/// Encrypts the counter (position, stream) under the key `seed` in ten rounds: four words out.
/// Written on plain integers so that a loop over positions vectorises.
inline __attribute__((always_inline)) void philox(uint64_t seed, uint64_t stream, uint64_t position, uint32_t &a,
                                                  uint32_t &b, uint32_t &c, uint32_t &d) {
    uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
    a = static_cast<uint32_t>(position), b = static_cast<uint32_t>(position >> 32);
    c = static_cast<uint32_t>(stream), d = static_cast<uint32_t>(stream >> 32);
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        uint64_t first = 0xD2511F53ull * a, second = 0xCD9E8D57ull * c;
        a = static_cast<uint32_t>(second >> 32) ^ b ^ k0;
        b = static_cast<uint32_t>(second);
        c = static_cast<uint32_t>(first >> 32) ^ d ^ k1;
        d = static_cast<uint32_t>(first);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

} // namespace ct
