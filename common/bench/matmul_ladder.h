// Ladders of matrix products, and the operands of these products.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/bench/ladder.h"
#include "common/bench/rung.h"

namespace foundations {

// Two matrices to multiply, and what they are.
struct MatmulProblem {
  std::string what;
  Tensor a;  // [m, k]
  Tensor b;  // [k, n]
};

// Returns the work that the notes time, [5, 784] x [784, 10]: the first five training images of
// load_digits() in mnist.h, and standard normal weights. Throws DataError for a folder that is not
// MNIST's.
MatmulProblem five_digits(const std::optional<std::string>& mnist_dir);

// Returns standard normal matrices from a fixed seed.
MatmulProblem random_matmul(std::int64_t m, std::int64_t k, std::int64_t n);

// Returns a ladder in which each rung multiplies a by b, and is compared with the product in double
// (reference.h). The table shows the notes' times for 5x784x10, which is what the notes timed.
Ladder matmul_ladder(const std::string& chapter, std::span<const Rung<Matmul>> rungs,
                     const MatmulProblem& problem, const std::vector<int>& threads = {1});

}  // namespace foundations
