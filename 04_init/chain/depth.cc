// Fifty layers, and what is left of the numbers that enter them.
//
//   bazel run //04_init:depth                  # a table and bars
//   bazel run //04_init:depth -- --out=DIR     # and a picture, DIR/depth.svg, if gnuplot is there
#include <iostream>
#include <string>

#include "04_init/chain/chain.h"
#include "common/base/program.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch04 {
namespace {

constexpr int kLayers = 50;
constexpr std::int64_t kWidth = 512;
constexpr std::uint64_t kSeed = 0;

// With a picture, unless its path is "".
void show(const std::string& picture) {
  const Depths depths = all_depths(kLayers, kWidth, kSeed);
  std::cout
      << "A batch of 16 through " << kLayers << " layers of " << kWidth
      << ", each with weights of its own (in double, seed " << kSeed << ")\n\n"
      << depth_table(depths)
      << "\nThe last of them: a mark is a factor of 100; beyond the colons a float is 0, or inf\n"
      << depth_bars(depths);
  if (picture.empty()) return;
  const bool drawn = gnuplot(depth_chart(depths), picture);
  std::cout << "\n" << (drawn ? "picture: " + picture : kNoGnuplot) << "\n";
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Fifty layers, and what is left of the numbers that enter them.");
  const auto& out = program.out("and a picture, DIR/depth.svg, if gnuplot is there");
  return program.run(argc, argv, [&] { ch04::show(out ? picture_path(*out, "depth.svg") : ""); });
}
