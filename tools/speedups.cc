// The whole ladder: every way of multiplying matrices that the chapters show, in one table for each
// size, with bars.
//
//   bazel run //:speedups
//   bazel run //:speedups -- --out=DIR     also writes the table and the measurements to DIR
#include <exception>
#include <iostream>

#include "01_matmul/matmul.h"
#include "common/five_digits.h"
#include "common/ladder.h"

int main(int argc, char** argv) try {
  using namespace foundations;
  const MatmulProblem digits = five_digits(argc, argv);
  return ladder_main(argc, argv,
                     {matmul_ladder("01_matmul", ch01::kRungs, digits),
                      matmul_ladder("01_matmul", ch01::kRungs, random_matmul(512, 512, 512))},
                     {.bars = true, .own_flags = kFiveDigitsFlags});
} catch (const std::exception& error) {
  std::cerr << "speedups: " << error.what() << "\n";
  return 2;
}
