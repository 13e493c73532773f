// How much of the machine a product n x n x n uses as n grows, and from which n on threads pay.
//
//   bazel run //13_gemm:growth
//   bazel run //13_gemm:growth -- --out=DIR     # and a picture, DIR/growth.svg
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "13_gemm/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/gnuplot.h"
#include "common/bench/matmul_ladder.h"

namespace foundations::ch13 {
namespace {

constexpr int64_t kLeastN = 16, kMostN = 2048;
constexpr int64_t kMostChecked = 256;  // the n up to which the product in double is no long wait

// Takes threads however little the work is: where they pay is what you want to know.
Tensor threaded_regardless(const Tensor& a, const Tensor& b) {
  return threaded_on(max_threads(), a, b);
}

constexpr Rung<Matmul> kOneThread[] = {{"blocked", blocked}, {"matmul", matmul}};
constexpr Rung<Matmul> kThreads[] = {{"threaded", threaded_regardless}, {"matmul", matmul}};

Ladder ladder(std::span<const Rung<Matmul>> rungs, const MatmulProblem& problem, int threads) {
  const int64_t n = problem.a.size(0);
  Ladder ladder = matmul_ladder("growth", rungs, problem, {threads});
  for (LadderRung& rung : ladder.rungs) {
    if (n > kMostChecked) rung.fault = [] { return std::string(); };
  }
  return ladder;
}

std::vector<Ladder> ladders() {
  std::vector<Ladder> all;
  for (int64_t n = kLeastN; n <= kMostN; n *= 2) {
    const MatmulProblem problem = random_matmul(n, n, n);
    all.push_back(ladder(kOneThread, problem, 1));
    if (max_threads() > 1) all.push_back(ladder(kThreads, problem, max_threads()));
  }
  return all;
}

// Returns GFLOP/s: a line for each n, a column for each rung on each number of threads.
std::string by_n(const std::vector<Table>& tables) {
  std::string titles, lines;
  for (const Table& table : tables) {
    std::string title = "       n", line = fmt::format("  {:>6}", table.sizes[0].second);
    for (const Row& row : table.rows) {
      if (!ran(row)) continue;
      const std::string name = name_and_threads(row);
      title += "  " + name;
      line += fmt::format("  {:>{}.0f}", row.flops / minimum(row.seconds) / 1e9, name.size());
    }
    if (std::none_of(table.rows.begin(), table.rows.end(), ran)) continue;
    if (title.size() > titles.size()) titles = title;
    lines += line + "\n";
  }
  return "\nGFLOP/s for each n\n" + titles + "\n" + lines;
}

// Returns gnuplot's script: a curve for each rung, and the peaks of the machine as broken lines.
std::string chart(const std::vector<Table>& tables) {
  std::string script = gnuplot_frame(760, 460), curves;
  double highest = 0;
  for (const Row& first : tables.front().rows) {
    std::string points;
    double peak = 0;
    for (const Table& table : tables) {
      for (const Row& row : table.rows) {
        if (!ran(row) || row.name != first.name || row.threads != first.threads) continue;
        points += fmt::format("{} {:.2f}\n", table.sizes[0].second,
                              row.flops / minimum(row.seconds) / 1e9);
        peak = row.peak / 1e9;
      }
    }
    if (points.empty()) continue;
    const std::string name = name_and_threads(first);
    script += fmt::format("$data{} << EOD\n{}EOD\n", curves.size(), points);
    curves += fmt::format("$data{} with linespoints linewidth 2 pointtype 7 title '{}', ",
                          curves.size(), name);
    highest = std::max(highest, peak);
    script += fmt::format(
        "set arrow from graph 0, first {0:.1f} to graph 1, first {0:.1f} nohead dashtype 2\n",
        peak);
  }
  return script + fmt::format("set yrange [0:{:.1f}]\n", 1.05 * highest) +
         "set logscale x 2\nset xlabel 'n'\nset ylabel 'GFLOP/s'\nset key below\nplot " + curves +
         "\n";
}

void draw(const std::vector<Table>& tables, const std::string& dir) {
  if (!gnuplot(chart(tables), picture_path(dir, "growth.svg"))) {
    std::cerr << "growth: " << kNoGnuplot << "\n";
  }
}

}  // namespace
}  // namespace foundations::ch13

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Shows how much of the machine a product n x n x n uses as n grows.");
  return program.run(argc, argv, ch13::ladders, {.comment = ch13::by_n, .draw = ch13::draw});
}
