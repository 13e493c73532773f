// The machine that the times come from: what it is, and how fast it can be at best.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace foundations {

// Returns "AMD EPYC 9R14", or the kind of machine if the system does not name its CPU.
std::string cpu_name();

// Returns a few lines to print above a table of times: the CPU, its cores and caches, the compiler,
// the vectors it may use (by the macros it predefines), OpenMP, and the measured peak for each of
// these numbers of threads. If the build is not optimised, or checks itself as it runs, the first
// line is a loud warning.
std::string machine_card(const std::vector<int>& thread_counts);

// Without OpenMP the functions below take one thread, whatever you ask for.

// Returns the peak of the arithmetic, for "% of peak": floating-point operations per second of
// `threads` threads that do nothing but float multiply-adds on registers, in the widest vectors
// that this program is compiled for. A multiply-add is two operations, an addition and a
// multiplication. All threads run at once; the best of each is summed, and the sum is remembered.
// The first call takes about 50 ms.
double peak_flops(int threads);

// Returns the bytes per second that `threads` threads read together. Each goes over its own share
// of `bytes` bytes again and again and adds it up; nothing is written. If `bytes` fit into a cache,
// this measures the cache. Takes the best of many runs in about 0.1 s, each of which reads 16 MiB
// or more. `bytes` must be at least 8 times `threads`.
double read_bandwidth(std::int64_t bytes, int threads);

// Returns the same over memory, the limit for work that waits for its operands. Reads four times
// the last cache, from 64 MiB to 1 GiB. The result is remembered; the first call takes some tenths
// of a second, mostly to get the memory.
double memory_bandwidth(int threads);

}  // namespace foundations
