// The one place that includes <omp.h>: everything builds and passes without OpenMP too.
#pragma once

#include <atomic>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

#if defined(__SANITIZE_THREAD__) && defined(_OPENMP) && !defined(__clang__)
#error "GCC's OpenMP hides its locks from tsan; build with --config=tsan, which is Clang"
#endif

namespace foundations {

// Returns true in a process that fork() has made. The other threads stayed with its parent: GNU's
// OpenMP would wait for them forever, so the child computes on one thread.
bool is_forked();

#ifdef _OPENMP
inline constexpr bool kOpenMp = true;
// Returns how many threads set_threads() allows, or OMP_NUM_THREADS, or the machine has.
inline int max_threads() { return is_forked() ? 1 : omp_get_max_threads(); }
// Sets how many threads parallel regions take from now on; less than one counts as one.
inline void set_threads(int threads) { omp_set_num_threads(threads > 1 ? threads : 1); }
// Returns false where the caller has to work alone: it is one of several threads already, which are
// not to be split up again, or in a forked process.
inline bool may_split() { return !omp_in_parallel() && !is_forked(); }
#else
inline constexpr bool kOpenMp = false;
inline int max_threads() { return 1; }
inline void set_threads(int) {}
inline bool may_split() { return false; }
#endif

// Returns how many threads a parallel region may take here. Every region asks.
inline int threads_available() { return may_split() ? max_threads() : 1; }

// An exception that leaves a parallel region ends the program. So: each thread's work in run(), and
// rethrow() behind the region, which throws the first of what was caught, if anything was.
class CaughtInParallel {
 public:
  template <class Work>
  void run(Work work) noexcept {
    try {
      work();
    } catch (...) {
      if (!caught_.test_and_set()) exception_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::atomic_flag caught_;
  std::exception_ptr exception_;
};

// What run_shares() calls: work(t, context) for each share t.
inline void run_shares(int shares, void (*work)(int, const void*), const void* context) {
  if (shares == 1) return work(0, context);
  CaughtInParallel caught;
#pragma omp parallel for num_threads(shares) schedule(static)
  for (int t = 0; t < shares; ++t) caught.run([&] { work(t, context); });
  caught.rethrow();
}

// Calls work(t) for t = 0 .. shares - 1, each on a thread of its own, and throws the first thing
// that one of them throws. The work is passed as a pointer, so that it is compiled once and not
// once for one thread and once for many.
template <class Work>
void run_shares(int shares, const Work& work) {
  run_shares(
      shares, [](int t, const void* context) { (*static_cast<const Work*>(context))(t); }, &work);
}

}  // namespace foundations
