// Fifty layers, and what is left of the numbers that enter them.
//
//   bazel run //04_init:depth                  # a table and bars
//   bazel run //04_init:depth -- --out=DIR     # and a picture, DIR/depth.svg, if gnuplot is there
#include <iostream>
#include <string>

#include "04_init/chain/chain.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch04 {
namespace {

// Shows the experiment, with a picture unless its path is "".
void show(const std::string& picture) {
  const Stds stds = stds_by_depth(/*seed=*/0);
  std::cout
      << "A batch of 16 through 50 layers of 512 (in double, seed 0)\n\n"
      << depth_table(stds)
      << "\nThe last of them: a mark is a factor of 100; beyond the colons a float is 0, or inf\n"
      << depth_bars(stds);
  if (picture.empty()) return;
  const bool drawn = gnuplot(depth_chart(stds), picture);
  std::cout << "\n" << (drawn ? "picture: " + picture : kNoGnuplot) << "\n";
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  set_threads(1);  // small products: threads would wait for one another
  Program program("Fifty layers, and what is left of the numbers that enter them.");
  const auto& out = program.out("and a picture, DIR/depth.svg, if gnuplot is there");
  return program.run(argc, argv, [&] { ch04::show(out ? picture_path(*out, "depth.svg") : ""); });
}
