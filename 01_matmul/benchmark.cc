// Times the rungs of this chapter, at the notes' size and at one that is worth the trouble.
//
//   bazel run //01_matmul:benchmark
//   bazel run //01_matmul:benchmark -- --benchmark_filter=simd
#include <exception>
#include <iostream>

#include "01_matmul/matmul.h"
#include "common/bench/five_digits.h"
#include "common/bench/ladder.h"

int main(int argc, char** argv) try {
  using namespace foundations;
  const MatmulProblem digits = five_digits(argc, argv);
  return ladder_main(argc, argv,
                     {matmul_ladder("01_matmul", ch01::kRungs, digits),
                      matmul_ladder("01_matmul", ch01::kRungs, random_matmul(512, 512, 512))},
                     {.own_flags = kFiveDigitsFlags});
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 2;
}
