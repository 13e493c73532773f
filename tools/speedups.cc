// The whole ladder: every way of multiplying matrices that the chapters show, in one table for each
// size, with bars, and then beside the notes' Python.
//
//   bazel run //:speedups
//   bazel run //:speedups -- --out=DIR     also writes tables, measurements and pictures to DIR
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "01_matmul/matmul.h"
#include "02_broadcast/matmul.h"
#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/bandwidth.h"
#include "common/bench/five_digits.h"
#include "common/bench/gnuplot.h"
#include "common/bench/ladder.h"
#include "common/bench/machine_card.h"
#include "common/bench/peak.h"
#include "tools/charts.h"
#include "tools/side_by_side.h"

namespace foundations {
namespace {

// The chapters' rungs in their order, all at the same work, so that they share a table.
void add_ladders(std::vector<Ladder>& ladders, const MatmulProblem& problem) {
  ladders.push_back(matmul_ladder("01_matmul", ch01::kRungs, problem));
  ladders.push_back(matmul_ladder("02_broadcast", ch02::kRungs, problem));
  ladders.push_back(matmul_ladder("03_einsum", ch03::kRungs, problem));
}

// DIR/ladder.svg and DIR/roofline.svg, with the roof of all threads for comparison.
void draw(const std::vector<Table>& tables, const std::string& dir, int threads) {
  const std::string machine = cpu_name() + ", 1 thread";
  if (!gnuplot(ladder_script(tables, machine), dir + "/ladder.svg")) {
    std::cerr << "speedups: no pictures, because there is no gnuplot; on Debian: apt-get install "
                 "gnuplot-nox\n";
    return;
  }
  std::vector<Roof> roofs = {{memory_bandwidth(1), peak_flops(1)}};
  if (threads > 1) roofs.push_back({memory_bandwidth(threads), peak_flops(threads), threads});
  gnuplot(roofline_script(tables, roofs, machine), dir + "/roofline.svg");
}

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) try {
  using namespace foundations;
  std::vector<Ladder> ladders;
  add_ladders(ladders, five_digits(argc, argv));
  add_ladders(ladders, random_matmul(512, 512, 512));
  const std::string own_flags =
      std::string(kFiveDigitsFlags) +
      "  [--out=DIR]  have gnuplot draw DIR/ladder.svg and DIR/roofline.svg\n";
  const auto write_more = [threads = max_threads()](const auto& tables, const std::string& dir) {
    draw(tables, dir, threads);
  };
  return ladder_main(
      argc, argv, ladders,
      {.bars = true, .own_flags = own_flags, .comment = side_by_side, .write_more = write_more});
} catch (const std::exception& error) {
  std::cerr << "speedups: " << error.what() << "\n";
  return 2;
}
