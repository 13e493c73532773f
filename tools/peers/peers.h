// The libraries that our matmul is compared with, behind one signature.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace foundations {

// c = a b.   a: [m, k]   b: [k, n]   c: [m, n], in rows. A transposed operand is stored in columns.
struct Problem {
  std::int64_t m, k, n;
  bool a_transposed = false, b_transposed = false;
};

struct Peer {
  const char* name;
  void (*set_threads)(int threads);
  void (*multiply)(const Problem& problem, const float* a, const float* b, float* c);
};

// Returns OpenBLAS, BLIS, Eigen and oneDNN.
const std::vector<Peer>& peers();

// Returns the processors that OpenBLAS and BLIS run for: an old one if they do not know this one.
std::string kernels();

}  // namespace foundations
