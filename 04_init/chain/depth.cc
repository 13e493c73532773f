// Fifty layers, and what is left of the numbers that enter them.
//
//   bazel run //04_init:depth                  # a table and bars
//   bazel run //04_init:depth -- --out=DIR     # and a picture, DIR/depth.svg, if gnuplot is there
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "04_init/chain.h"
#include "common/base/stdout.h"
#include "common/base/user_path.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch04 {
namespace {

constexpr int kLayers = 50;
constexpr std::int64_t kWidth = 512;
constexpr std::uint64_t kSeed = 0;

void draw(const Depths& depths, const std::string& path) {
  std::cout << "\n"
            << (gnuplot(depth_chart(depths), path) ? "picture: " + path : kNoGnuplot) << "\n";
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) try {
  using namespace foundations::ch04;
  const std::string_view flag = "--out=", argument = argc > 1 ? argv[1] : "";
  const bool has_out = argument.starts_with(flag) && argument.size() > flag.size();
  if (argc > 2 || (argc == 2 && !has_out)) {
    std::cerr << "depth: unknown argument " << argv[argc - 1] << "; it takes --out=DIR\n";
    return 2;
  }
  std::string picture;
  if (has_out) {
    const std::string folder = foundations::user_path(std::string(argument.substr(flag.size())));
    picture = foundations::picture_path(folder, "depth.svg");
  }
  const Depths depths = all_depths(kLayers, kWidth, kSeed);
  std::cout
      << "A batch of 16 through " << kLayers << " layers of " << kWidth
      << ", each with weights of its own (in double, seed " << kSeed << ")\n\n"
      << depth_table(depths)
      << "\nThe last of them: a mark is a factor of 100; beyond the colons a float is 0, or inf\n"
      << depth_bars(depths);
  if (has_out) draw(depths, picture);
  foundations::flush_stdout();
} catch (const std::exception& error) {
  std::cerr << "depth: " << error.what() << "\n";
  return 2;
}
