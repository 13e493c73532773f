// Memory from the system, aligned for vectors; large blocks in large pages.
//
// A new block costs a page fault, about a microsecond, for each page at its first use. In pages of
// 4 KB, the 10 MB that a layer makes of all of MNIST take 2,500 of them, longer than the product
// itself. In pages of 2 MB (Linux gives them where asked by madvise) they take five, and a walk
// over columns finds its pages in the processor's page table cache too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#ifdef __linux__
#include <sys/mman.h>
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "common/base/error.h"

namespace foundations {

// glibc hands a large block back to the system when it is freed, and the next a + b pays for all
// its pages again: on two 1000 x 1000 matrices that took 20 times as long as the sum. So blocks of
// up to 256 MiB stay with the program, as long as no more than that is free.
#ifdef __GLIBC__
inline constexpr int kKept = 1 << 28;
inline const bool keeps_memory =
    mallopt(M_MMAP_THRESHOLD, kKept) && mallopt(M_TRIM_THRESHOLD, kKept);
#endif

inline constexpr std::size_t kLargePage = std::size_t{1} << 21;

// At least `bytes`, not initialised, at a multiple of 64: a cache line, and the widest vector there
// is. From kLargePage on, at a multiple of that. Throws OutOfMemoryError when there is no memory.
inline void* allocate_memory(std::size_t bytes) {
  const std::size_t alignment = bytes < kLargePage ? 64 : kLargePage;
  void* memory = nullptr;
  // Not rounded up, or no sanitizer would see what is read beyond the last byte.
  if (bytes > PTRDIFF_MAX - alignment ||
      posix_memalign(&memory, alignment, bytes > 0 ? bytes : 1) != 0) {
    throw OutOfMemoryError(static_cast<double>(bytes));
  }
#ifdef __linux__
  // Advice: where it is not taken, the pages are small. Only whole large pages are asked for, or a
  // block of 2.1 MB would take 4.
  if (bytes >= kLargePage) madvise(memory, bytes / kLargePage * kLargePage, MADV_HUGEPAGE);
#endif
  return memory;
}

inline void free_memory(void* memory) { std::free(memory); }

}  // namespace foundations
