// Times the rungs of this chapter: five images of digits, as in the notes, then 512x512x512.
//
//   bazel run //01_matmul:benchmark
//   bazel run //01_matmul:benchmark -- --benchmark_filter=simd
#include "01_matmul/matmul.h"
#include "common/bench/matmul_ladder.h"

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the rungs of this chapter.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] {
    return std::vector{matmul_ladder("01_matmul", ch01::kRungs, five_digits(dir)),
                       matmul_ladder("01_matmul", ch01::kRungs, random_matmul(512, 512, 512))};
  });
}
