// The machine that the times are of: what it is, and how fast it can be at all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace foundations {

// "AMD EPYC 9R14"; the kind of machine where the system does not name its CPU.
std::string cpu_name();

// A few lines to print above a table of times: the CPU, its cores and caches, the compiler, what it
// was allowed to use (read from the macros it predefines), OpenMP, and the measured peak for each
// of these numbers of threads. In a build that is not optimised, or that checks itself as it runs,
// the first line is a loud warning.
std::string machine_card(const std::vector<int>& thread_counts);

// Without OpenMP the functions below take one thread, whatever is asked.

// The most arithmetic there can be, the yardstick for "% of peak": floating-point operations per
// second of `threads` threads that do nothing but float multiply-adds on registers, in the widest
// vectors this program is compiled for (a multiply-add counts as two). All threads run at once,
// each is taken at its best, and the sum is remembered: about 50 ms for the first call.
double peak_flops(int threads);

// Bytes per second that `threads` threads read together, each going over its own share of `bytes`
// bytes again and again and adding up what it finds there; nothing is written. Few bytes stay in a
// cache, and then it is the cache that is measured. The best of many runs in about 0.1 s; each
// reads 16 MB or more. `bytes` is 8 times `threads` or more.
double read_bandwidth(std::int64_t bytes, int threads);

// The same over memory, the yardstick for work that waits for its operands: four times the last
// cache, and 64 MB to 1 GB. Remembered; the first call takes some tenths of a second, most of them
// for getting that memory.
double memory_bandwidth(int threads);

}  // namespace foundations
