// The one place that includes <omp.h>: everything builds and passes without OpenMP too.
#pragma once

#ifdef _OPENMP
#include <omp.h>
#endif

#if defined(__SANITIZE_THREAD__) && defined(_OPENMP) && !defined(__clang__)
#error "GCC's OpenMP hides its locks from tsan; build with --config=tsan, which is Clang"
#endif

namespace foundations {

#ifdef _OPENMP
inline constexpr bool kOpenMp = true;
inline int max_threads() { return omp_get_max_threads(); }
inline void set_threads(int threads) { omp_set_num_threads(threads); }
// Whether the caller is one of several threads already, which are not to be split up again.
inline bool in_parallel() { return omp_in_parallel(); }
#else
inline constexpr bool kOpenMp = false;
inline int max_threads() { return 1; }
inline void set_threads(int) {}
inline bool in_parallel() { return false; }
#endif

}  // namespace foundations
