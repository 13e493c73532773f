// Times the rungs of this chapter: matmul, from the notes' size to one that fills the caches, on
// one thread and on all; then einsum, for several expressions.
//
//   bazel run //03_einsum:benchmark
//   bazel run //03_einsum:benchmark -- --benchmark_filter=blocked
#include <exception>
#include <iostream>
#include <utility>
#include <vector>

#include "03_einsum/einsum_ladders.h"
#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/five_digits.h"
#include "common/bench/ladder.h"

int main(int argc, char** argv) try {
  using namespace foundations;
  std::vector<Ladder> ladders;
  for (const MatmulProblem& problem :
       {five_digits(argc, argv), random_matmul(64, 784, 50), random_matmul(512, 512, 512),
        random_matmul(1024, 1024, 1024)}) {
    ladders.push_back(matmul_ladder("03_einsum", ch03::kRungs, problem, {1, max_threads()}));
  }
  for (Ladder& ladder : ch03::einsum_ladders()) ladders.push_back(std::move(ladder));
  return ladder_main(argc, argv, ladders, {.own_flags = kFiveDigitsFlags});
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 2;
}
