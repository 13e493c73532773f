// The vectors of the processor that this program is compiled for, and how many of them make the
// width of a tile (micro_kernel.h).
#pragma once

#include <cstring>

#include "common/linalg/matrix.h"

namespace foundations {

#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64, kTileVectors = 4;
#elif defined(__AVX__)
inline constexpr int kVectorBytes = 32, kTileVectors = 2;
#elif defined(__aarch64__)
inline constexpr int kVectorBytes = 16, kTileVectors = 4;
#else
inline constexpr int kVectorBytes = 16, kTileVectors = 2;
#endif
template <class T>
inline constexpr Size kLanes = kVectorBytes / sizeof(T);

template <class T, int kBytes>
struct VectorOf {
  typedef T Type __attribute__((vector_size(kBytes)));
};
template <class T, int kBytes = kVectorBytes>
using Vector = typename VectorOf<T, kBytes>::Type;

// Loads from any address: the compiler makes one instruction of this memcpy.
template <class T, int kBytes = kVectorBytes>
inline Vector<T, kBytes> load(const T* from) {
  Vector<T, kBytes> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class T>
inline void store(T* to, Vector<T> v) {
  std::memcpy(to, &v, sizeof v);
}

}  // namespace foundations
