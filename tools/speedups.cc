// The whole ladder: every way of multiplying matrices in the chapters, in a table for each size,
// with bars, and then beside the notes' Python.
//
//   bazel run //:speedups
//   bazel run //:speedups -- --out=DIR     also writes tables, measurements and pictures to DIR
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "01_matmul/matmul.h"
#include "02_broadcast/matmul.h"
#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/gnuplot.h"
#include "common/bench/machine.h"
#include "common/bench/matmul_ladder.h"
#include "tools/charts.h"
#include "tools/side_by_side.h"

namespace foundations {
namespace {

// Adds the chapters' rungs in their order, all doing the same work, so that they share a table.
void add_ladders(std::vector<Ladder>& ladders, const MatmulProblem& problem) {
  ladders.push_back(matmul_ladder("01_matmul", ch01::kRungs, problem));
  ladders.push_back(matmul_ladder("02_broadcast", ch02::kRungs, problem));
  const std::span rungs(ch03::kRungs);  // the first is 01's, the last has more than one thread
  ladders.push_back(matmul_ladder("03_einsum", rungs.subspan(1, rungs.size() - 2), problem));
  ladders.push_back(matmul_ladder("03_einsum", ch03::kReferences, problem));
}

// Returns what comes below the tables: bars for each, and the comparison with the notes.
std::string comment(const std::vector<Table>& tables) {
  std::string text;
  for (const Table& table : tables) {
    const std::string bars = format_bars(table);
    if (!bars.empty()) text += "\n" + bars;
  }
  return text + side_by_side(tables);
}

constexpr std::int64_t kInL2 = 256 << 10;  // bytes, more than L1 holds

// Draws DIR/ladder.svg and DIR/roofline.svg, there with the roofs of L2 and of all threads. (Under
// L1's roof every dot is bound by arithmetic.)
void draw(const std::vector<Table>& tables, const std::string& dir, int threads) {
  const std::string machine = cpu_name() + ", 1 thread";
  if (!gnuplot(ladder_script(tables, machine), dir + "/ladder.svg")) {
    std::cerr << "speedups: " << kNoGnuplot << "\n";
    return;
  }
  const double peak = peak_flops(1);
  std::vector<Roof> roofs = {{memory_bandwidth(1), peak},
                             {read_bandwidth(kInL2, 1), peak, 1, "L2"}};
  if (threads > 1) roofs.push_back({memory_bandwidth(threads), peak_flops(threads), threads});
  gnuplot(roofline_script(tables, roofs, machine), dir + "/roofline.svg");
}

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program(
      "Times every way of multiplying matrices in the chapters. With --out=DIR it also draws\n"
      "DIR/ladder.svg and DIR/roofline.svg.");
  const auto& dir = program.mnist_dir();
  const auto ladders = [&] {
    std::vector<Ladder> all;
    add_ladders(all, five_digits(dir));
    add_ladders(all, random_matmul(512, 512, 512));
    return all;
  };
  const auto draw_in = [threads = max_threads()](const auto& tables, const std::string& out) {
    draw(tables, out, threads);
  };
  return program.run(argc, argv, ladders, {.comment = comment, .draw = draw_in});
}
