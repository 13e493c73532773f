// The libraries that our matmul is measured against, behind one signature.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace foundations {

// c = a b.   a: [m, k]   b: [k, n]   c: [m, n], in rows. A transposed operand lies in columns.
struct Problem {
  std::int64_t m, k, n;
  bool a_transposed = false, b_transposed = false;
};

struct Peer {
  const char* name;
  void (*set_threads)(int threads);
  void (*multiply)(const Problem& problem, const float* a, const float* b, float* c);
};

// OpenBLAS, BLIS, Eigen and oneDNN.
const std::vector<Peer>& peers();

// For which processor OpenBLAS and BLIS run: an old one where they do not know the one there is.
std::string kernels();

}  // namespace foundations
