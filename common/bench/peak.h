// The most arithmetic this machine can do, measured: the yardstick for "% of peak".
#pragma once

namespace foundations {

// Floating-point operations per second of `threads` threads that do nothing but float multiply-adds
// on registers, in the widest vectors this program is compiled for (a multiply-add counts as two).
// All threads run at once, each is taken at its best, and the sum is remembered: about 50 ms for
// the first call. Without OpenMP there is one thread, whatever is asked.
double peak_flops(int threads);

}  // namespace foundations
