// How fast this machine reads, measured: the yardstick for work that waits for its operands.
#pragma once

#include <cstdint>

namespace foundations {

// Bytes per second that `threads` threads read together, each going over its own share of `bytes`
// bytes again and again and adding up what it finds there. What is counted is bytes read; nothing
// is written. Few bytes stay in a cache, and then it is the cache that is measured. The best of
// many runs in about 0.1 s, and of two at least; each run reads 16 MB or more. `bytes` is 8 times
// `threads` or more. Without OpenMP there is one thread, whatever is asked.
double read_bandwidth(std::int64_t bytes, int threads);

// The same over memory: four times the last cache, and 64 MB to 1 GB. Remembered; the first call
// takes some tenths of a second, most of them for getting that memory.
double memory_bandwidth(int threads);

}  // namespace foundations
